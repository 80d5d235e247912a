"""The shapes of exports and of the feed."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.lookup.lists.schemas import Region
from services.lookup.schemas import LEDGERS, SubjectSchema, which_ledger
from shared.registry.kinds import KINDS
from shared.web.fields import Whole

MOST, DEFAULT = 1_000, 500
RESULTS = ["changed", "removed", "failed"]


class ExportQuestionSchema(Schema):
    """Which subjects are exported, and in which ledger's view."""

    kind = fields.String(validate=validate.OneOf(list(KINDS), error="must be one of {choices}, not {input}"))
    region = Region(required=False, what="Region 区划, with all that lies in it")
    ledger = which_ledger()


class FeedQuestionSchema(Schema):
    """From where on the feed is read."""

    cursor = fields.String(
        required=True,
        validate=validate.Length(1, 16_384),
        metadata={"description": "`Export-Cursor` of an export, or `next` of the page before"},
    )
    ledger = which_ledger()
    limit = Whole(1, MOST, default=DEFAULT, what="About how many changes a page may have")


class ChangeSchema(Schema):
    """The present state of a subject that has changed."""

    subject_id = fields.String(required=True)
    result = fields.String(
        required=True,
        validate=validate.OneOf(RESULTS),
        metadata={
            "description": "`changed`: it is as `subject` says. `removed`: take it out, it may no longer be shown to "
            "this key. `failed`: a fault of ours keeps its score back; leave what you have, it will come again"
        },
    )
    subject = fields.Nested(SubjectSchema)


class FeedSchema(Schema):
    """Changes, each subject once; where one stands in two pages the later one holds."""

    changes = fields.List(fields.Nested(ChangeSchema), required=True)
    ledger = fields.String(required=True, validate=validate.OneOf(LEDGERS))
    next = fields.String(required=True, metadata={"description": "Cursor of the next page: there always is one"})
    more = fields.Boolean(required=True, metadata={"description": "Whether there is more by now; else ask later"})
