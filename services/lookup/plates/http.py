"""`GET /v1/subjects/{subject_id}/plates`: what each vehicle has cost its hauler; not for the public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from services.lookup.answers import tag_of
from services.lookup.desk import Desk
from services.lookup.question import SCOPE, permitted
from services.lookup.schemas import LEDGERS, QuestionSchema
from shared.clock import day_of
from shared.web.applied import NOT_APPLIED_YET, REBUILDING
from shared.web.bounds import SUBJECT_SCOPE, out_of_bounds
from shared.web.caching import cacheable
from shared.web.documented import ETAG, UNCHANGED
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.problems import NOT_FOUND, OUT_OF_BOUNDS
from shared.web.routes import current_access, requires
from shared.web.subject_path import PARAMETERS, PATH, normalised

_ANSWERS = {
    **UNCHANGED,
    403: OUT_OF_BOUNDS.code,
    404: NOT_FOUND.code,
    409: NOT_APPLIED_YET.code,
    503: REBUILDING.code,
}


class PlateCaseSchema(Schema):
    """A case of a vehicle."""

    ref = fields.String(required=True)
    code = fields.String(required=True, allow_none=True)
    decided_on = fields.Date(required=True)
    state = fields.String(required=True)
    counted = fields.String(required=True)


class PlateSchema(Schema):
    """A vehicle."""

    plate = fields.String(required=True, allow_none=True, metadata={"description": "null: of cases that name none"})
    counted = fields.String(required=True, metadata={"description": "Points that its cases count together"})
    cases = fields.List(fields.Nested(PlateCaseSchema), required=True)


class PlatesSchema(Schema):
    """The vehicles of a subject, those that count most first."""

    subject_id = fields.String(required=True)
    ledger = fields.String(required=True, validate=validate.OneOf(LEDGERS))
    as_of = fields.Date(required=True)
    plates = fields.List(fields.Nested(PlateSchema), required=True)


def plates(desk: Desk, clock: Callable[[], datetime]) -> Blueprint:
    """The route, answered by a desk."""
    blueprint = Blueprint("plates", __name__, description="The vehicles of haulers")

    @blueprint.route(f"{PATH}/plates", parameters=PARAMETERS)
    @requires(SCOPE, SUBJECT_SCOPE)
    @blueprint.doc(responses=_ANSWERS)
    @blueprint.arguments(QuestionSchema, location="query")
    @blueprint.response(200, PlatesSchema, headers=ETAG)
    def of_one(query: dict[str, Any], subject_id: str) -> Response:
        """Points by vehicle 号牌

        The cases of a subject by the number plates that they name. Plates are personal data: never for the public.
        """
        now = clock()
        question = permitted(normalised(subject_id), current_access(), day_of(now), **query)
        if question.audience == "public":
            raise out_of_bounds("This access key is another subject's.")
        body = {
            "subject_id": question.subject_id,
            "ledger": question.ledger,
            "as_of": question.as_of.isoformat(),
            "plates": desk.plates(question),
        }
        return cacheable(json_response(body), tag_of(body), now, private=True)

    return blueprint
