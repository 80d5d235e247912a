"""The shapes of access keys over HTTP."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.events import parts
from shared.events.attributes import MOST_CHARACTERS, Source
from shared.events.fields import Several, Wire
from shared.events.texts import Instant, SubjectId, Text
from shared.web.bounds import MOST_BOUNDS
from shared.web.keys import SCOPES
from shared.web.paging import Cursor, Limit

STATES = ["valid", "expired", "revoked"]
PARAMETERS = [
    {
        "in": "path",
        "name": "key_id",
        "required": True,
        "description": "The public part of the key, between `cx_` and the secret",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{12}$"},
        "example": "0a1b2c3d4e5f",
    }
]


class NewKeySchema(Wire):
    """A key to be made 访问密钥. Its bounds are for good: another reach is another key."""

    scopes = Several(parts.Scope(64), 1, len(SCOPES), distinct=True, what="What it may do")
    label = Text(200, what="What it is for")
    regions = Several(
        parts.RegionPrefix(12),
        1,
        MOST_BOUNDS,
        distinct=True,
        required=False,
        what="Beyond these regions (prefixes of 2, 4, 6, 9 or 12 digits) it sees and writes nothing",
    )
    sources = Several(
        Source(MOST_CHARACTERS), 1, MOST_BOUNDS, distinct=True, required=False, what="It may send events of these alone"
    )
    subject = SubjectId(
        required=False,
        what="The only subject that it may see (`subject:read`), `inspector:` and an id (`assignments:read`, "
        "`draws:file`), or `department:` and its name (`draws:file`)",
    )
    expires_at = Instant(required=False, what="From when on it is not valid")


class KeysQuestionSchema(Schema):
    """Which keys are listed."""

    state = fields.String(validate=validate.OneOf(STATES, error="must be one of {choices}, not {input}"))
    cursor = Cursor()
    limit = Limit()


class KeySchema(Schema):
    """A key as it is shown to administrators; the secret never is."""

    key_id = fields.String(required=True)
    label = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    regions = fields.List(fields.String(), required=True)
    sources = fields.List(fields.String(), required=True)
    subject = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    created_at = fields.AwareDateTime(required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)
    replaces = fields.String(
        required=True, allow_none=True, metadata={"description": "The key that it takes over from"}
    )
    last_used_at = fields.AwareDateTime(
        allow_none=True,
        metadata={"description": "To some seconds; null where it was not; left out while the store does not answer"},
    )


class KeysSchema(Schema):
    """A page of keys."""

    keys = fields.List(fields.Nested(KeySchema), required=True)
    next = fields.String(required=True, allow_none=True)


class MintedSchema(Schema):
    """A new key, shown this once."""

    key_id = fields.String(required=True)
    key = fields.String(required=True, metadata={"description": "Keep it: nobody can read it again"})
    label = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    regions = fields.List(fields.String(), required=True)
    sources = fields.List(fields.String(), required=True)
    subject = fields.String(required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True, metadata={"description": "null is never"})
    replaces = fields.String(required=True, allow_none=True, metadata={"description": "The key that it follows"})
