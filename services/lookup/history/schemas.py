"""The shapes of a history."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from services.lookup.schemas import LEDGERS, QuestionSchema
from shared.web.paging import Cursor, Limit

CHANGES = ["begins", "rectified", "repaired", "expired", "changes"]
TYPES = ["case", "finding", "clean_inspection", "commendation", "rulebook", "evidence"]


class DayCursor(Cursor):
    """Where a page of days begins; gives the day behind which it does."""

    def _deserialize(self, value: Any, *more: Any, **options: Any) -> Any:
        text = super()._deserialize(value, *more, **options)
        try:
            return fields.Date().deserialize(text)
        except ValidationError:
            raise ValidationError("must be `next` of the page before, as it was given") from None


class HistoryQuestionSchema(QuestionSchema):
    """The parameters of a history; `as_of` is the day up to which it goes."""

    cursor = DayCursor()
    limit = Limit()


class CauseSchema(Schema):
    """What turned a score."""

    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    ref = fields.String(metadata={"description": "Number of the case, inspection or commendation; id of the rulebook"})
    index = fields.Integer(metadata={"description": "Which finding of the inspection; version of the rulebook"})
    code = fields.String(allow_none=True)
    change = fields.String(required=True, validate=validate.OneOf(CHANGES))
    counted = fields.String(metadata={"description": "Points that it counts from that day on"})


class TurnSchema(Schema):
    """A day on which something turned, and what is true from it on."""

    on = fields.Date(required=True)
    score = fields.String(allow_none=True)
    grade = fields.String(allow_none=True)
    basis = fields.String(allow_none=True)
    causes = fields.List(fields.Nested(CauseSchema), required=True)


class HistorySchema(Schema):
    """Turns, the latest first."""

    subject_id = fields.String(required=True)
    ledger = fields.String(required=True, validate=validate.OneOf(LEDGERS))
    as_of = fields.Date(required=True)
    turns = fields.List(fields.Nested(TurnSchema), required=True)
    next = fields.String(required=True, allow_none=True)
