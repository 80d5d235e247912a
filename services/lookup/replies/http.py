"""`GET /v1/subjects/{subject_id}/replies`: what a subject has to say, beside the items that it is about."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from services.lookup.desk import Desk
from services.lookup.question import PAST_NOT_PUBLIC, permitted
from services.lookup.schemas import LEDGERS, QuestionSchema
from shared.clock import day_of
from shared.web.applied import NOT_APPLIED_YET, REBUILDING
from shared.web.caching import cacheable
from shared.web.documented import ETAG, UNCHANGED
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.problems import NOT_FOUND
from shared.web.routes import current_access, public
from shared.web.subject_path import PARAMETERS, PATH, normalised

_ANSWERS = {
    **UNCHANGED,
    403: PAST_NOT_PUBLIC.code,
    404: NOT_FOUND.code,
    409: NOT_APPLIED_YET.code,
    503: REBUILDING.code,
}


class ReplySchema(Schema):
    """A reply 陈述."""

    about = fields.String(required=True, validate=validate.OneOf(["case", "inspection"]))
    number = fields.String(required=True, metadata={"description": "`ref` of the item in the receipt"})
    on = fields.Date(required=True)
    released = fields.Boolean(required=True, metadata={"description": "Whether the public may read it"})
    statement = fields.String(required=True)


class RepliesSchema(Schema):
    """Replies, the earliest first."""

    subject_id = fields.String(required=True)
    ledger = fields.String(required=True, validate=validate.OneOf(LEDGERS))
    replies = fields.List(fields.Nested(ReplySchema), required=True)


def replies(desk: Desk, clock: Callable[[], datetime]) -> Blueprint:
    """The route, answered by a desk."""
    blueprint = Blueprint("replies", __name__, description="What subjects have to say")

    @blueprint.route(f"{PATH}/replies", parameters=PARAMETERS)
    @public
    @blueprint.doc(responses=_ANSWERS)
    @blueprint.arguments(QuestionSchema, location="query")
    @blueprint.response(200, RepliesSchema, headers=ETAG)
    def said(query: dict[str, Any], subject_id: str) -> Response:
        """What a subject has to say of its items

        The public reads what a clerk has released, of items that are public today. The subject itself, and whoever has
        the scope `scores:read`, reads all of it.
        """
        now = clock()
        question = permitted(normalised(subject_id), current_access(), day_of(now), **query)
        told = {"subject_id": question.subject_id, "ledger": question.ledger, "replies": desk.replies(question)}
        response = json_response(told)
        tag = hashlib.sha256(response.get_data()).hexdigest()[:32]
        return cacheable(response, tag, now, private=question.audience != "public")

    return blueprint
