"""`/v1/dead-letters`: the desk of dead letters 死信 over HTTP (DESIGN.md section 5)."""

from __future__ import annotations

from typing import Any

from flask import Response

from services.ingest.letters.desk import Filters, Letters, place_of
from services.ingest.letters.schemas import (
    LettersSchema,
    ListSchema,
    ReplayedSchema,
    ReplaySchema,
    WaitSchema,
)
from shared.desk.letters import STATES
from shared.desk.showing import shown
from shared.web.documented import BODY, LINK
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.paging import cursor_of, link_next
from shared.web.problems import pointer
from shared.web.routes import holder, requires

_PATH = "/v1/dead-letters"


def letters(desk: Letters) -> Blueprint:
    """The routes, answered by a desk."""
    blueprint = Blueprint("dead-letters", __name__, description="What could not be accepted, and sending it again")

    @blueprint.route(_PATH)
    @requires("admin")
    @blueprint.arguments(ListSchema, location="query")
    @blueprint.response(200, LettersSchema, headers=LINK)
    def list_(query: dict[str, Any]) -> Response:
        """Dead letters

        Each is `open`; `replayed`, when it was sent again and its reader has not come past it yet or has refused it
        again; or `resolved`. Subjects and contents are never shown.
        """
        filters = Filters(*(query.get(name, ()) for name in ("topic", "reason", "id", "state")))
        meant, behind = desk.meant(filters), query.get("cursor")
        left = [each for each in meant if behind is None or place_of(each) < behind]
        page = left[: query["limit"]]
        following = cursor_of(place_of(page[-1])) if len(left) > len(page) else None
        counts = {state: sum(each.state == state for each in meant) for state in STATES}
        body = {"letters": [shown(each) for each in page], "counts": counts, "next": following}
        response = json_response(body)
        link_next(response, following)
        return response

    @blueprint.route(f"{_PATH}/replays", methods=["POST"])
    @requires("admin")
    @blueprint.doc(responses=BODY)
    @blueprint.arguments(WaitSchema, location="query")
    @blueprint.arguments(ReplaySchema)
    @blueprint.response(200, ReplayedSchema)
    def replay(query: dict[str, Any], body: dict[str, Any]) -> Response:
        """Send open letters again

        To the partition where they were refused, all of them unless narrowed, at most 10,000 in one call: `left` says
        how many more there are to call again for. It answers when they are sent, and their readers have come past them
        or the time is over. Only what is open is sent, and an event sent again is the same event: so to ask again is
        harmless. The audit names the key that asked.
        """
        access = holder()
        filters = Filters(**body, at=pointer("topics"))
        outcome, fate = desk.replay(filters, f"key:{access.key_id}", query["wait"])
        answer = {
            "replayed": len(outcome.done),
            "left": outcome.left,
            "skipped": [{"letter": name, "why": why} for name, why in outcome.skipped],
            "taken": fate and fate.taken,
            "refused": fate and fate.refused,
            "waiting": fate and fate.waiting,
        }
        return json_response(answer)

    return blueprint
