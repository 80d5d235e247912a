"""`POST /v1/subjects/lookups`: up to a thousand subjects in one request (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from services.lookup.desk import Desk, Missing
from services.lookup.question import Question, permitted
from services.lookup.schemas import LEDGERS, SubjectSchema
from shared.clock import day_of
from shared.events.fields import Choice, Several, Wire
from shared.events.texts import Text
from shared.registry.subject import SubjectIdError, normalise_subject_id, parse_subject_id
from shared.web.applied import REBUILDING
from shared.web.documented import BODY
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.problems import SCOPE_MISSING
from shared.web.routes import current_access, public_read

MOST = 1_000
RESULTS = ["found", "unknown", "invalid", "failed"]
_BODY = {
    **BODY,
    403: SCOPE_MISSING.code,
    503: REBUILDING.code,
}


class LookupsSchema(Wire):
    """Whom to look up."""

    subject_ids = Several(Text(100), 1, MOST, what="Subject ids 主体编号; one that stands twice is answered twice")
    ledger = Choice(*LEDGERS, required=False, what="Default: `internal` with `scores:read`, else `public`")


class LookedUpSchema(Schema):
    """One answer, at the place of its id."""

    subject_id = fields.String(required=True, metadata={"description": "As it was sent"})
    result = fields.String(
        required=True,
        validate=validate.OneOf(RESULTS),
        metadata={
            "description": "`unknown`: nothing is known of it, or nothing that this key may see. `invalid`: no subject "
            "has this id; `detail` says why. `failed`: a fault of ours keeps its score back"
        },
    )
    subject = fields.Nested(SubjectSchema)
    detail = fields.String()


class AnswersSchema(Schema):
    """One answer for each id, in their order."""

    subjects = fields.List(fields.Nested(LookedUpSchema), required=True)


def lookups(desk: Desk, clock: Callable[[], datetime]) -> Blueprint:
    """The route, answered by a desk."""
    blueprint = Blueprint("lookups", __name__, description="Many subjects at once")

    @blueprint.route("/v1/subjects/lookups", methods=["POST"])
    @public_read
    @blueprint.doc(responses=_BODY)
    @blueprint.arguments(LookupsSchema)
    @blueprint.response(200, AnswersSchema)
    def look_up(body: dict[str, Any]) -> Response:
        """Up to a thousand subjects

        Each as its own look-up says, in today's view of a ledger.
        """
        access, day = current_access(), day_of(clock())
        ledger = body.get("ledger")
        questions = {
            text: permitted(normalise_subject_id(text), access, day, ledger=ledger) for text in body["subject_ids"]
        }
        found = {question.subject_id: answer for question, answer in desk.each(list(questions.values()))}
        return json_response({"subjects": [_told(text, questions[text], found) for text in body["subject_ids"]]})

    return blueprint


def _told(text: str, asked: Question, found: dict[str, dict[str, Any] | Missing]) -> dict[str, Any]:
    answer = found.get(asked.subject_id)
    if answer is None:  # only now is it judged: what is known of has an id that is one
        try:
            parse_subject_id(asked.subject_id)
        except SubjectIdError as error:
            return {"subject_id": text, "result": "invalid", "detail": str(error)}
        return {"subject_id": text, "result": "unknown"}
    if isinstance(answer, Missing):
        return {"subject_id": text, "result": "failed" if answer is Missing.FAILED else "unknown"}
    return {"subject_id": text, "result": "found", "subject": answer}
