"""The shapes of what became of an event."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from services.ingest.tracing.trace import STATES
from shared.events.attributes import MOST_CHARACTERS, Source
from shared.events.texts import Text
from shared.registry.subject import SubjectIdError, normalise_subject_id, parse_subject_id
from shared.web.fields import Whole

MOST_WAIT = 10


class Subject(fields.String):
    """A subject id; gives its normal form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        try:
            return str(parse_subject_id(normalise_subject_id(super()._deserialize(value, attr, data, **options))))
        except SubjectIdError as error:
            raise ValidationError(str(error)) from None


class IdentitySchema(Schema):
    """Which event: by its identity within its subject."""

    subject = Subject(required=True, metadata={"description": "Subject id 主体编号, as sent or in its normal form"})
    source = Source(MOST_CHARACTERS, what="Who has sent it")
    id = Text(MOST_CHARACTERS, what="The event's own id")
    wait = Whole(0, MOST_WAIT, default=0, what="For so many seconds at most it is waited until it is applied or dead")


class TraceSchema(Schema):
    """What became of an event."""

    subject = fields.String(required=True)
    source = fields.String(required=True)
    id = fields.String(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(list(STATES)),
        metadata={"description": "; ".join(f"`{state}`: {meaning}" for state, meaning in STATES.items())},
    )
    recorded_at = fields.AwareDateTime(required=True, metadata={"description": "The log's append time"})
    place = fields.String(
        required=True, allow_none=True, metadata={"description": "`TOPIC:PARTITION:OFFSET` on the log, while it waits"}
    )
    reason = fields.String(
        required=True, allow_none=True, metadata={"description": "What is waited for, or why it does not count"}
    )
    detail = fields.String(required=True, allow_none=True)
