"""The shapes of look-ups, as their OpenAPI document shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.registry.kinds import KINDS
from shared.web.fields import Day, Instant
from shared.web.paging import Cursor

LEDGERS = ["internal", "public"]
MOST_ITEMS = 1_000
"""Of a page of a receipt."""
STATUSES = ["open", "closed"]


def which_ledger() -> fields.String:
    """The parameter that chooses a ledger."""
    return fields.String(
        validate=validate.OneOf(LEDGERS, error="must be internal or public, not {input}"),
        metadata={"description": "Default: `internal` with `scores:read`, else `public`"},
    )


class QuestionSchema(Schema):
    """The parameters of a look-up."""

    as_of = Day(required=False, what="Day asked for (default today in Shanghai); the past needs `scores:read`")
    known_at = Instant(required=False, what="Only what was recorded by this instant; needs `scores:read`")
    ledger = which_ledger()


class ReceiptQuestionSchema(QuestionSchema):
    """The parameters of a receipt: with `limit` its items come a page at a time."""

    limit = fields.Integer(
        validate=validate.Range(1, MOST_ITEMS, error="must be from {min} to {max}, not {input}"),
        metadata={"description": "Most items of a page; all of them unless given"},
    )
    cursor = Cursor()


class RulebookSchema(Schema):
    """The rulebook version in force on `as_of`."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    sha256 = fields.String(required=True, metadata={"description": "Of its bytes as published"})


class SubjectSchema(Schema):
    """What is true of a subject; a field that the caller may not see is left out."""

    subject_id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    name = fields.String(required=True, allow_none=True, metadata={"description": "null where it is not registered"})
    region = fields.String(required=True, allow_none=True, metadata={"description": "12-digit division code 区划代码"})
    status = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(STATUSES),
        metadata={"description": "As registered; null where it is not"},
    )
    ledger = fields.String(required=True, validate=validate.OneOf(LEDGERS))
    score = fields.String(
        allow_none=True, metadata={"description": "Points with two places; null before the first rulebook"}
    )
    grade = fields.String(allow_none=True, metadata={"description": "null where evidence is insufficient"})
    basis = fields.String(allow_none=True, validate=validate.OneOf(["evidence", "insufficient"]))
    as_of = fields.Date(required=True)
    next_change_on = fields.Date(required=True, allow_none=True)
    disputed = fields.Boolean(required=True)
    applied_until = fields.AwareDateTime(
        required=True, metadata={"description": "All that the log held until then is in the answer"}
    )
    rulebook = fields.Nested(RulebookSchema, required=True, allow_none=True)


class ReceiptSchema(Schema):
    """A score with every reason for it, and the SHA-256 of its canonical JSON (RFC 8785) without `sha256`."""

    subject_id = fields.String(required=True)
    kind = fields.String(required=True)
    ledger = fields.String(required=True, validate=validate.OneOf(LEDGERS))
    as_of = fields.Date(required=True)
    known_at = fields.AwareDateTime(required=True, allow_none=True)
    score = fields.String()
    grade = fields.String(allow_none=True)
    basis = fields.String(required=True, validate=validate.OneOf(["evidence", "insufficient"]))
    base = fields.String()
    bonus = fields.String()
    deductions = fields.String()
    evidence_events = fields.Integer(required=True)
    rule_version = fields.Integer(required=True)
    next_change_on = fields.Date(required=True, allow_none=True)
    items = fields.List(fields.Dict(), required=True, metadata={"description": "Every item, also those that count 0"})
    rejected = fields.List(fields.Dict(), metadata={"description": "Facts outside the set, with the reason"})
    rulebooks = fields.List(fields.Nested(RulebookSchema), required=True)
    sha256 = fields.String(required=True)
    first_item = fields.Integer(metadata={"description": "Of a page: how many items come before it"})
    all_items = fields.Integer(metadata={"description": "Of a page: how many the receipt has"})
    next = fields.String(allow_none=True, metadata={"description": "Of a page: `cursor` of the next one"})
