"""`GET /v1/subjects/{subject_id}/history`: what turned a score, day by day (DESIGN.md section 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from flask import Response

from services.lookup.desk import Desk
from services.lookup.history.schemas import HistoryQuestionSchema, HistorySchema
from services.lookup.question import PAST_NOT_PUBLIC, permitted
from shared.clock import day_of
from shared.web.applied import NOT_APPLIED_YET, REBUILDING
from shared.web.caching import cacheable
from shared.web.documented import ETAG, LINK, UNCHANGED
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.paging import cursor_of, link_next
from shared.web.problems import NOT_FOUND
from shared.web.routes import current_access, public
from shared.web.subject_path import PARAMETERS, PATH, normalised

_HEADERS = {
    **ETAG,
    **LINK,
}
_ANSWERS = {
    **UNCHANGED,
    403: PAST_NOT_PUBLIC.code,
    404: NOT_FOUND.code,
    409: NOT_APPLIED_YET.code,
    503: REBUILDING.code,
}


def history(desk: Desk, clock: Callable[[], datetime]) -> Blueprint:
    """The route, answered by a desk."""
    blueprint = Blueprint("history", __name__, description="How scores came to be what they are")

    @blueprint.route(f"{PATH}/history", parameters=PARAMETERS)
    @public
    @blueprint.doc(responses=_ANSWERS)
    @blueprint.arguments(HistoryQuestionSchema, location="query")
    @blueprint.response(200, HistorySchema, headers=_HEADERS)
    def turns(query: dict[str, Any], subject_id: str) -> Response:
        """What turned a score, the latest first

        Every day on which an item began, was rectified or ended, a rulebook came into force, or evidence grew too old,
        with what was true from it on by all that is known. The public is told when the items began that are public
        today, and nothing of days that are over. A day to come (`as_of`) shows what will end by then.
        """
        now, behind, most = clock(), query.pop("cursor", None), query.pop("limit")
        question = permitted(normalised(subject_id), current_access(), day_of(now), **query)
        until = question.as_of if behind is None else min(question.as_of, behind - timedelta(days=1))
        found = list(islice(desk.history(question, until), most + 1))
        last = date.fromisoformat(found[most - 1]["on"]) if len(found) > most else None
        cursor = cursor_of(last.isoformat()) if last else None
        body = {
            "subject_id": question.subject_id,
            "ledger": question.ledger,
            "as_of": question.as_of.isoformat(),
            "turns": found[:most],
            "next": cursor,
        }
        response = json_response(body)
        link_next(response, cursor)
        tag = hashlib.sha256(response.get_data()).hexdigest()[:32]
        return cacheable(response, tag, now, private=question.audience != "public")

    return blueprint
