"""The shapes of the routes about rulebooks, as their OpenAPI document shows them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.lookup.schemas import RulebookSchema
from shared.registry.kinds import KINDS
from shared.rulebooks.document import MOST_BYTES

MEDIA_TYPE = "application/yaml"

PARAMETERS: list[dict[str, Any]] = [
    {
        "in": "path",
        "name": "rulebook_id",
        "required": True,
        "description": "Id of the rulebook",
        "schema": {"type": "string", "minLength": 1},
        "example": "shop-credit",
    },
    {
        "in": "path",
        "name": "version",
        "required": True,
        "description": "Version of the rulebook",
        "schema": {"type": "integer", "minimum": 1},
        "example": 2,
    },
]

DOCUMENT: dict[str, Any] = {
    "description": "The very bytes as published: their SHA-256 is that on every receipt, and the ETag",
    "content": {MEDIA_TYPE: {"schema": {"type": "object"}}},
}

REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "description": f"The YAML document, at most {MOST_BYTES} bytes: UTF-8, lines that end with LF, no byte order mark",
    "content": {MEDIA_TYPE: {"schema": {"type": "object"}}},
}


class PublishedSchema(RulebookSchema):
    """A published version."""

    title = fields.String(required=True)
    kinds = fields.List(
        fields.String(validate=validate.OneOf(list(KINDS))),
        required=True,
        metadata={"description": "Whom it speaks of"},
    )
    effective_from = fields.Date(required=True)
    published_at = fields.AwareDateTime(required=True, metadata={"description": "When the log took it"})


class LibrarySchema(Schema):
    """Every published version, by id and version."""

    rulebooks = fields.List(fields.Nested(PublishedSchema), required=True)


class LateSchema(Schema):
    """The parameter of a publication."""

    late = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        metadata={
            "description": "Although it is in force from a day that is not to come, so that scores that were served "
            "already change; needs `admin` too"
        },
    )


class WarningSchema(Schema):
    """What is allowed and seldom meant."""

    pointer = fields.String(required=True, metadata={"description": "`/line/…` of the document"})
    message = fields.String(required=True)


class AnswerSchema(RulebookSchema):
    """What was published, or was already with these very bytes."""

    effective_from = fields.Date(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["published", "already"]))
    changes = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "How many rules differ from the version before; null for the first of an id"},
    )
    warnings = fields.List(fields.Nested(WarningSchema), required=True)
