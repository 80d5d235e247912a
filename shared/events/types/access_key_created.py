"""An access key was made."""

from __future__ import annotations

from shared.events import parts
from shared.events.attributes import MOST_CHARACTERS
from shared.events.event_type import EventType, example
from shared.events.fields import Several, Wire
from shared.events.texts import Hex256, Instant, SubjectId, Text

ACCESS_KEY_CREATED = "cn.chengxin.access_key.created.v1"


class AccessKeyCreated(Wire):
    key_id = parts.KeyId(what="The public part of the key")
    scopes = Several(parts.Scope(64), 1, 50, distinct=True, what="What the key may do")
    secret_hash = Hex256(what="Hash of the whole key; the key itself is kept nowhere")
    label = Text(200, what="What the key is for")
    created_by = Text(200, required=False, what="Who made it")
    regions = Several(
        parts.RegionPrefix(12), 1, 100, distinct=True, required=False, what="Beyond these it sees and writes nothing"
    )
    sources = Several(
        Text(MOST_CHARACTERS), 1, 100, distinct=True, required=False, what="Only events of these may be sent"
    )
    subject = SubjectId(required=False, what="The only subject that it may see")
    expires_at = Instant(required=False, what="From when on it is not valid")
    replaces = parts.KeyId(required=False, what="The key that it takes over from")


EVENT = EventType(
    name=ACCESS_KEY_CREATED,
    topic="access",
    does="Lets a key in with its scopes.",
    data=AccessKeyCreated,
    subject="key:{key_id}",
    elsewhere="make keys with `POST /v1/keys` or `chengxin keys create`",
    example=example(
        ACCESS_KEY_CREATED,
        "key:0a1b2c3d4e5f",
        "2026-01-04T09:00:00+08:00",
        {
            "key_id": "0a1b2c3d4e5f",
            "scopes": ["events:correct", "events:write"],
            "secret_hash": "cb8e7eb0e0a70c2bfd9af4eeb60c52e24fe8f91c6dbfb3c1da3e1c1d4cd3a3f4",
            "label": "盐都区执法系统",
            "created_by": "key:5f4e3d2c1b0a",
            "regions": ["320902"],
            "sources": ["urn:chengxin:organ:320902"],
            "subject": "shop:92320902MA1N00026Y-01",
            "replaces": "5f4e3d2c1b0a",
            "expires_at": "2027-01-04T00:00:00+08:00",
        },
    ),
)
