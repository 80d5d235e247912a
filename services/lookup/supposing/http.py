"""`POST /v1/subjects/{subject_id}/what-if`: what a score would be (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Response

from services.lookup.desk import Desk
from services.lookup.question import SCOPE, Question, permitted
from services.lookup.supposing.schemas import SupposedAnswerSchema, WhatIfSchema
from services.lookup.supposing.supposed import Supposition, difference, end_of, facts_of, refuse_unseen
from shared.clock import day_of
from shared.events.door import Refused
from shared.web.applied import REBUILDING
from shared.web.bounds import SUBJECT_SCOPE, out_of_bounds
from shared.web.documented import BODY
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.problems import (
    INVALID,
    NOT_FOUND,
    OUT_OF_BOUNDS,
    Fault,
    ProblemError,
)
from shared.web.routes import current_access, requires
from shared.web.subject_path import PARAMETERS, PATH, normalised

_REFUSALS = {
    **BODY,
    403: OUT_OF_BOUNDS.code,
    404: NOT_FOUND.code,
    503: REBUILDING.code,
}


def supposing(desk: Desk, clock: Callable[[], datetime]) -> Blueprint:
    """The route, answered by a desk."""
    blueprint = Blueprint("supposing", __name__, description="What a score would be if something were otherwise")

    @blueprint.route(f"{PATH}/what-if", methods=["POST"], parameters=PARAMETERS)
    @requires(SCOPE, SUBJECT_SCOPE)
    @blueprint.doc(responses=_REFUSALS)
    @blueprint.arguments(WhatIfSchema)
    @blueprint.response(200, SupposedAnswerSchema)
    def what_if(body: dict[str, Any], subject_id: str) -> Response:
        """What a score would be

        With a case revoked, a repair granted, findings rectified, a further case, or on a later day. Nothing is
        written. For enforcement, and for the subject itself; the public has no say in what is not public.
        """
        now, access = clock(), current_access()
        today = permitted(normalised(subject_id), access, day_of(now), ledger=body.get("ledger"))
        if today.audience == "public":
            raise out_of_bounds("This access key is another subject's.")
        then = today._replace(as_of=_day(body, today))
        supposed = [Supposition(each["type"], each["data"]) for each in body.get("suppose", ())]
        try:
            facts = facts_of(today.subject_id, supposed, now, end_of(then.as_of))
            known = desk.known(today)  # once: what is decided meanwhile must not seem to follow from what is supposed
            refuse_unseen(facts, known.facts)
        except Refused as refused:
            raise ProblemError(INVALID, "The errors say what would be right.", errors=refused.faults) from None
        before, after = known.receipt(today), known.receipt(then, facts)
        return json_response({"before": before, "after": after, "difference": difference(before, after)})

    return blueprint


def _day(body: dict[str, Any], today: Question) -> date:
    day = date.fromisoformat(body["as_of"]) if "as_of" in body else today.day
    if day < today.day:
        fault = Fault("/as_of", f"must be today in Shanghai, {today.day}, or later")
        raise ProblemError(INVALID, "What was is known; ask for a receipt of that day.", errors=[fault])
    return day
