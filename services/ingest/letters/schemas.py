"""The shapes of the routes about dead letters, as their OpenAPI document shows them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate
from webargs.fields import DelimitedList

from shared.desk.letters import STATES
from shared.desk.wishing import MOST_IDS
from shared.eventlog.dead_letters import REASONS
from shared.web.fields import Whole
from shared.web.paging import Cursor, Limit

_MOST_TOPICS = 100
_MOST_WAIT = 30
_LETTER = "A letter's name, `TOPIC:PARTITION:OFFSET[:GROUP]`"
_TOPIC = "Topics that the letters come from, with or without the prefix"


def _reason() -> fields.String:
    return fields.String(validate=validate.OneOf(REASONS, error=f"must be one of {', '.join(REASONS)}"))


def _name(most: int = 400) -> fields.String:
    return fields.String(validate=validate.Length(1, most, error=f"must have 1 to {most} characters"))


def _letter() -> fields.String:
    form = validate.Regexp(
        r"^[^:,\s]+:[0-9]+:[0-9]+(:[a-z]+)?$", error="must be TOPIC:PARTITION:OFFSET, or that and :GROUP"
    )
    return fields.String(validate=[validate.Length(1, 400, error="must have 1 to 400 characters"), form])


class ListSchema(Schema):
    """Which letters are meant; several of one filter with commas between. Without a filter all are."""

    topic = DelimitedList(_name(), validate=validate.Length(1, _MOST_TOPICS), metadata={"description": _TOPIC})
    reason = DelimitedList(_reason(), validate=validate.Length(1, len(REASONS)))
    id = DelimitedList(_letter(), validate=validate.Length(1, MOST_IDS), metadata={"description": _LETTER})
    state = DelimitedList(
        fields.String(validate=validate.OneOf(STATES, error=f"must be one of {', '.join(STATES)}")),
        validate=validate.Length(1, len(STATES)),
    )
    limit = Limit()
    cursor = Cursor()


class ReplaySchema(Schema):
    """Which open letters are sent again; `{}` means all of them."""

    topics = fields.List(_name(), validate=validate.Length(1, _MOST_TOPICS), metadata={"description": _TOPIC})
    reasons = fields.List(_reason(), validate=validate.Length(1, len(REASONS)))
    ids = fields.List(_letter(), validate=validate.Length(1, MOST_IDS), metadata={"description": _LETTER})


class WaitSchema(Schema):
    """How long to wait for the readers."""

    wait = Whole(0, _MOST_WAIT, default=5, what="Seconds to wait for the letters' readers (default 5)")


class LetterSchema(Schema):
    """A dead letter 死信, without its subject and its content."""

    letter = fields.String(required=True, metadata={"description": "Its name: where the refused record lies, by whom"})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    reason = fields.String(required=True)
    detail = fields.String(required=True, metadata={"description": "What is wrong, for its sender"})
    attempts = fields.Integer(required=True)
    source = fields.String(required=True)
    id = fields.String(required=True)
    type = fields.String(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    refused_at = fields.AwareDateTime(required=True)
    lies_at = fields.String(required=True, metadata={"description": "Where the letter itself lies"})
    replayed_to = fields.String(required=True, allow_none=True)
    succeeded_by = fields.String(
        required=True, allow_none=True, metadata={"description": "The newer letter, where it was refused again"}
    )
    by = fields.String(required=True, allow_none=True, metadata={"description": "Who sent it again or put it aside"})
    why = fields.String(required=True, allow_none=True, metadata={"description": "Why it was put aside"})


class CountsSchema(Schema):
    """All that are meant, by state; those of other pages too."""

    open = fields.Integer(required=True)
    replayed = fields.Integer(required=True)
    resolved = fields.Integer(required=True)


class LettersSchema(Schema):
    """A page of letters, the latest refused first."""

    letters = fields.List(fields.Nested(LetterSchema), required=True)
    counts = fields.Nested(CountsSchema, required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "`cursor` of the next page"})


class SkippedSchema(Schema):
    """A letter that was named and not sent again."""

    letter = fields.String(required=True)
    why = fields.String(required=True)


class ReplayedSchema(Schema):
    """What was sent again, and what became of it in the time waited; null where the log no longer answered."""

    replayed = fields.Integer(required=True)
    left = fields.Integer(required=True, metadata={"description": "Open letters that were too many for one call"})
    skipped = fields.List(fields.Nested(SkippedSchema), required=True)
    taken = fields.Integer(required=True, allow_none=True)
    refused = fields.Integer(required=True, allow_none=True, metadata={"description": "Again: as newer letters, open"})
    waiting = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Their reader has not come to them yet"}
    )
