"""The shapes of objections and replies over HTTP."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.events import parts
from shared.events.fields import Choice, Wire
from shared.events.texts import Prose, Text
from shared.web.fields import Whole
from shared.web.paging import Cursor

ABOUT, SORTS, STATES = ("case", "inspection"), ("objection", "reply"), ("open", "decided")
OUTCOMES = ("upheld", "amended", "revoked", "withdrawn")
MOST_STATEMENT = 500
MOST_LISTED = 1000
PARAMETERS = [
    {
        "in": "path",
        "name": "objection_id",
        "required": True,
        "description": "The id that the filing was answered with",
        "schema": {"type": "string", "minLength": 1, "maxLength": 100},
        "example": "shop:92320902MA1N00026Y-01.0a1b2c3d4e5f6071",
    }
]


class FilingSchema(Wire):
    """What a subject has to say."""

    sort = Choice(*SORTS, what="`objection` 异议, which has to be decided; `reply` 陈述, which stands beside the item")
    about = Choice(*ABOUT, what="案件, 检查")
    number = Text(parts.MOST_NUMBER, what="Number of the case 案号 or inspection 检查编号")
    statement = Prose(MOST_STATEMENT, what="What there is to say, without numbers by which a person is found")


class DecisionSchema(Wire):
    """What a clerk decided."""

    outcome = Choice(*OUTCOMES, what="维持, 变更 (send the amendment to `POST /v1/events`), 撤销, 撤回")
    reviewer = Text(64, what="Officer who reviewed it; one of its own officers or inspectors cannot")
    instrument_no = parts.instrument_no(required=False)


class ReleaseSchema(Wire):
    """A reply that may be read by everybody."""

    reviewer = Text(64, what="Officer who read it; one of its own officers or inspectors releases nothing")


def _next() -> fields.String:
    return fields.String(required=True, allow_none=True, metadata={"description": "`cursor` of the next page"})


class ListSchema(Schema):
    """Which page."""

    limit = Whole(1, MOST_LISTED, default=100, what="Most entries of a page")
    cursor = Cursor()


class ObjectionSchema(Schema):
    """An objection and its clock."""

    objection_id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "null where an organ sent it by an event, and closes it by one (`dispute_closed`)"},
    )
    source = fields.String(metadata={"description": "Source of the event by which it came"})
    id = fields.String(metadata={"description": "Id of that event"})
    subject_id = fields.String(required=True)
    about = fields.String(required=True, validate=validate.OneOf(ABOUT))
    number = fields.String(required=True)
    region = fields.String(allow_none=True)
    filed_on = fields.Date(required=True)
    marked_at = fields.AwareDateTime(metadata={"description": "Since when 异议中 stands beside the item"})
    mark_by = fields.Date(allow_none=True)
    marked_late = fields.Boolean(allow_none=True, metadata={"description": "Whether it stood there after `mark_by`"})
    decide_by = fields.Date(allow_none=True, metadata={"description": "null where a year has no calendar"})
    missing_calendar = fields.Integer(allow_none=True, metadata={"description": "That year"})
    overdue = fields.Boolean(allow_none=True)
    state = fields.String(validate=validate.OneOf(STATES))
    decided_on = fields.Date(allow_none=True)
    outcome = fields.String(allow_none=True)


class FiledSchema(ObjectionSchema):
    """What was filed; a reply has no clock."""

    sort = fields.String(required=True, validate=validate.OneOf(SORTS))
    statement = fields.String(required=True, allow_none=True)
    released = fields.Boolean(required=True, metadata={"description": "Whether the public may read the statement"})


class ListedSchema(ObjectionSchema):
    """One of several; what was said is told to its subject."""

    sort = fields.String(validate=validate.OneOf(SORTS))
    statement = fields.String(allow_none=True)
    released = fields.Boolean(metadata={"description": "Whether the public may read the statement"})


class OpenSchema(Schema):
    """Several objections."""

    objections = fields.List(fields.Nested(ListedSchema), required=True)
    next = _next()


class WaitingSchema(Schema):
    """What subjects said and nobody has released, those first that were filed first."""

    replies = fields.List(fields.Nested(FiledSchema), required=True)
    next = _next()
