"""What the HTTP door takes and answers, as its OpenAPI document shows it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.ingest.doubt import CODES
from shared.events.attributes import ENVELOPE
from shared.events.catalogue import catalogue
from shared.events.envelope import CONTENT_TYPE
from shared.events.media import BATCH, STRUCTURED
from shared.events.types.case_decided import CASE_DECIDED
from shared.web.fields import Judged


class WarningSchema(Schema):
    """What is strange about an event that is taken all the same."""

    code = fields.String(
        required=True,
        validate=validate.OneOf(list(CODES)),
        metadata={"description": "; ".join(f"`{code}`: {meaning}" for code, meaning in CODES.items())},
    )
    pointer = fields.String(required=True, metadata={"description": "JSON Pointer (RFC 6901) into the event"})
    message = fields.String(required=True)


class AcceptedSchema(Schema):
    """Where an event went."""

    index = fields.Integer(required=True, metadata={"description": "Its place in what was sent, from 0"})
    source = fields.String(required=True)
    id = fields.String(required=True)
    subject = fields.String(required=True, metadata={"description": "The subject id in its normal form"})
    topic = fields.String(required=True)
    partition = fields.Integer(required=True)
    offset = fields.Integer(required=True)
    recorded_at = fields.AwareDateTime(required=True, metadata={"description": "The log's append time"})
    warnings = fields.List(fields.Nested(WarningSchema), required=True)


class OutcomeSchema(Schema):
    """Every event is on the log, acknowledged by all replicas that are in sync."""

    accepted = fields.List(fields.Nested(AcceptedSchema), required=True)


class JudgedEventSchema(Schema):
    """An event that would be accepted, and where it would go."""

    index = fields.Integer(required=True, metadata={"description": "Its place in what was sent, from 0"})
    source = fields.String(required=True)
    id = fields.String(required=True)
    subject = fields.String(required=True, metadata={"description": "The subject id in its normal form"})
    topic = fields.String(required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)


class JudgedSchema(Schema):
    """Every event would be accepted; nothing was written."""

    judged = fields.List(fields.Nested(JudgedEventSchema), required=True)


_JUDGE = "Judge the events as if they were sent, and append nothing"


class ValidateSchema(Schema):
    """The parameter of the door."""

    judged = Judged(_JUDGE)


def request_body(most: int) -> dict[str, Any]:
    """The three modes of CloudEvents over HTTP; a batch has at most so many events."""
    event = _event()
    example = catalogue().by_type[CASE_DECIDED].example
    return {
        "required": True,
        "description": "CloudEvents 1.0. In binary mode the body is the data and the attributes are `ce-` headers.",
        "content": {
            STRUCTURED: {"schema": event, "example": example},
            BATCH: {"schema": {"type": "array", "items": event, "maxItems": most}},
            CONTENT_TYPE: {"schema": {"type": "object"}},
        },
    }


def parameters() -> list[dict[str, Any]]:
    """The attributes in binary mode, and what `ValidateSchema` has: a list given by hand is the whole list."""
    judged = {"type": "boolean", "default": False}
    return [
        {"in": "query", "name": "validate", "required": False, "description": _JUDGE, "schema": judged},
        *_headers(),
    ]


def _headers() -> list[dict[str, Any]]:
    return [
        {
            "in": "header",
            "name": f"ce-{name}",
            "required": False,
            "description": f"In binary mode: {schema['description']}",
            "schema": {"type": "string"},
        }
        for name, schema in ENVELOPE.document["properties"].items()
        if name != "datacontenttype"
    ]


def _event() -> dict[str, Any]:
    """Any event that a door takes: the attributes, and by type the data."""
    envelope = ENVELOPE.document
    return {
        "type": "object",
        "required": [*envelope["required"], "data"],
        "properties": {**envelope["properties"], "data": {"type": "object"}},
        "additionalProperties": {"type": ["string", "integer", "boolean", "null"]},
        "oneOf": [
            {
                "type": "object",
                "title": kind.name,
                "description": kind.does,
                "properties": {"type": {"const": kind.name}, "data": kind.data},
            }
            for kind in catalogue().by_type.values()
            if kind.elsewhere is None
        ],
    }
