"""`GET /v1/draws` and `/v1/draws/{draw_id}`: draws for everybody, and more for those who work at them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Response

from services.draws.answering import DrawSchema, DrawsSchema
from services.draws.audience import SCOPES
from services.draws.bounds import scopes_at
from services.draws.dossier import dossier, row, stated
from services.draws.dues import next_steps, overdue_since
from services.draws.following import Following
from services.draws.ordering import no_draw
from services.draws.schemas import PARAMETERS, DrawsQuestionSchema
from services.draws.sharing import Sharing
from services.draws.shown.pages import page
from services.draws.steps import Draw
from shared.clock import day_of
from shared.signing.signing import Signing
from shared.web.caching import cacheable
from shared.web.documented import ETAG, KEPT, LINK, UNCHANGED
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.paging import cursor_of, link_next
from shared.web.problems import NOT_FOUND
from shared.web.routes import current_access, public

HEADERS = {**ETAG, **KEPT}
LISTED = {**HEADERS, **LINK}
READ = UNCHANGED


def draws(following: Following, clock: Callable[[], datetime], signing: Signing) -> Blueprint:
    """The routes, out of what is followed; `signing` signs commitments."""
    blueprint = Blueprint("draws_shown", __name__, description="Draws as they are shown")

    @blueprint.route("/v1/draws")
    @public
    @blueprint.doc(responses=READ)
    @blueprint.arguments(DrawsQuestionSchema, location="query")
    @blueprint.response(200, DrawsSchema, headers=LISTED)
    def listed(query: dict[str, Any]) -> Response:
        """Draws, the latest first

        Abandoned ones too: none vanishes.
        """
        now, access = clock(), current_access()
        found, following_one = page(following.draws(), _wanted(query, day_of(now)), query.get("cursor"), query["limit"])
        cursor = cursor_of(following_one) if following_one else None
        rows = [row(draw, scopes_at(draw, access)) | late(draw, day_of(now)) for draw in found]
        response = json_response({"draws": rows, "next": cursor})
        link_next(response, cursor)
        return tagged(response, now, private=access is not None)

    @blueprint.route("/v1/draws/<string:draw_id>", parameters=PARAMETERS)
    @public
    @blueprint.doc(responses=READ | {404: NOT_FOUND.code})
    @blueprint.response(200, DrawSchema, headers=HEADERS)
    def one(draw_id: str) -> Response:
        """A draw

        By how far it is: at first that there is one; from the freeze on the plan, the counts and the commitment; from
        the draw on the hashes of the result and of the sealed bundle; from the publication on everything. Who works at
        draws sees more.
        """
        known = following.draws()
        draw = known.by_id.get(draw_id)
        if draw is None:
            raise no_draw()
        scopes = scopes_at(draw, current_access())
        now = clock()
        body = {**dossier(known, draw, scopes), **late(draw, day_of(now)), **Sharing(known).with_draw(draw_id)}
        if draw.committed and (signature := signing.sign(stated(draw.draw_id, draw.committed))):
            body["commitment_jws"] = signature
        if not scopes.isdisjoint(SCOPES):
            body["next_steps"] = [each._asdict() for each in next_steps(draw, now)]
        return tagged(json_response(body), now, private=bool(scopes))

    return blueprint


def _wanted(query: dict[str, Any], today: date) -> Callable[[Draw], bool]:
    phase, overdue = query.get("phase"), query.get("overdue")

    def wanted(draw: Draw) -> bool:
        if phase is not None and draw.phase != phase:
            return False
        return overdue is None or (overdue_since(draw, today) is not None) == overdue

    return wanted


def late(draw: Draw, today: date) -> dict[str, Any]:
    """Whether a draw is late to be published, and from which day on."""
    since = overdue_since(draw, today)
    return {"overdue": since is not None} | ({"overdue_since": since.isoformat()} if since else {})


def tagged(response: Response, now: datetime, *, private: bool) -> Response:
    """With an entity tag of its bytes. It is asked for each time: the next step may come at any moment."""
    tag = hashlib.sha256(response.get_data()).hexdigest()[:32]
    return cacheable(response, tag, now, private=private, weak=True, most=0)
