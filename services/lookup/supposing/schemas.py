"""The shapes of what is supposed."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.lookup.schemas import LEDGERS, ReceiptSchema
from services.lookup.supposing.supposed import TYPES
from shared.events.fields import Choice, Part, Several, Wire
from shared.events.texts import Day

MOST = 20


class FreeSchema(Wire):
    """The data of an event; its own type says what they have to be."""

    class Meta:
        """Judged by the type's own schema."""

        unknown = "include"


class SupposedSchema(Wire):
    """A fact that is supposed."""

    type = Choice(*TYPES, what="Type of its event")
    data = Part(FreeSchema, what="As the event has them, such as `case_no`, `revoked_on`, `ground`, `instrument_no`")


class WhatIfSchema(Wire):
    """What is supposed: some facts, a day, or both."""

    suppose = Several(fields.Nested(SupposedSchema), 0, MOST, required=False, what="Facts beside those that are known")
    as_of = Day(required=False, what="Day of the second receipt; today in Shanghai unless given, or later")
    ledger = Choice(*LEDGERS, required=False, what="Default: internal")


class DifferenceSchema(Schema):
    """What differs; of pairs the first is before."""

    score = fields.String(required=True, metadata={"description": "Points more, or less with a minus"})
    grade = fields.List(fields.String(allow_none=True), required=True)
    basis = fields.List(fields.String(), required=True)
    items = fields.List(
        fields.Dict(), required=True, metadata={"description": "Items that differ: `before`, `after`; null: not there"}
    )


class SupposedAnswerSchema(Schema):
    """Both receipts, and the difference."""

    before = fields.Nested(ReceiptSchema, required=True, metadata={"description": "As of today, by what is known"})
    after = fields.Nested(ReceiptSchema, required=True)
    difference = fields.Nested(DifferenceSchema, required=True)
