"""An access key was revoked."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Several, Wire
from shared.events.texts import Text

ACCESS_KEY_REVOKED = "cn.chengxin.access_key.revoked.v1"


class AccessKeyRevoked(Wire):
    """The topic is compacted, so this stands in place of the key's creation and says what a list of keys shows."""

    key_id = parts.KeyId(what="The public part of the key")
    scopes = Several(parts.Scope(64), 0, 50, distinct=True, required=False, what="What the key might do")
    label = Text(200, required=False, what="What the key was for")
    created_by = Text(200, required=False, what="Who made it")
    revoked_by = Text(200, required=False, what="Who revoked it")
    replaces = parts.KeyId(required=False, what="The key that it took over from; others may follow it")


EVENT = EventType(
    name=ACCESS_KEY_REVOKED,
    topic="access",
    does="Lets a key in no longer.",
    data=AccessKeyRevoked,
    subject="key:{key_id}",
    elsewhere="revoke keys with `DELETE /v1/keys/{key_id}` or `chengxin keys revoke`",
    example=example(
        ACCESS_KEY_REVOKED,
        "key:0a1b2c3d4e5f",
        "2026-01-05T09:00:00+08:00",
        {
            "key_id": "0a1b2c3d4e5f",
            "scopes": ["events:write", "scores:read"],
            "label": "盐都区执法系统",
            "created_by": "key:5f4e3d2c1b0a",
            "revoked_by": "key:5f4e3d2c1b0a",
            "replaces": "6a5b4c3d2e1f",
        },
    ),
)
