"""Somebody was refused at a door of HTTP 访问被拒 (DESIGN.md section 4, `audit.v1`)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Int, Wire
from shared.events.texts import Code, Instant, Text

ACCESS_REFUSED = "cn.chengxin.access.refused.v1"


class AccessRefused(Wire):
    """Refusals of one sort in some seconds, together: else whoever is refused could fill the log."""

    code = Code(64, what="The problem's code, such as scope-missing")
    route = Text(200, what="The route, without what stands in its address")
    method = Code(16, what="The method of HTTP")
    key_id = parts.KeyId(required=False, what="The key; not where there was none, or one that nobody has made")
    times = Int(1, parts.MOST_OFFSET, what="How often")
    first_at = Instant(what="When first")
    last_at = Instant(what="When last")


EVENT = EventType(
    name=ACCESS_REFUSED,
    topic="audit",
    does="Tells that requests were refused: of which key, where, and why.",
    data=AccessRefused,
    subject="access:{route}",
    elsewhere="ask with a key that may",
    example=example(
        ACCESS_REFUSED,
        "access:/v1/events",
        "2026-03-02T09:10:10+08:00",
        {
            "code": "out-of-bounds",
            "route": "/v1/events",
            "method": "POST",
            "key_id": "0a1b2c3d4e5f",
            "times": 3,
            "first_at": "2026-03-02T09:10:01+08:00",
            "last_at": "2026-03-02T09:10:07+08:00",
        },
    ),
)
