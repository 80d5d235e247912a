"""A subject's reply to an inspection may be shown to the public (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example

INSPECTION_REPLY_RELEASED = "cn.chengxin.inspection.reply_released.v1"


class InspectionReplyReleased(parts.ReplyRelease):
    inspection_id = parts.inspection_id()


EVENT = EventType(
    name=INSPECTION_REPLY_RELEASED,
    topic="inspection",
    does="Lets a reply stand beside its inspection in public; it changes no score.",
    data=InspectionReplyReleased,
    example=example(
        INSPECTION_REPLY_RELEASED,
        "shop:92320902MA1N00026Y-01",
        "2026-02-11T09:15:00+08:00",
        {
            "inspection_id": "盐都查-2026-0001",
            "on": "2026-02-11",
            "reply_source": "urn:chengxin:objections",
            "reply_id": "0a1b2c3d4e5f6071.replied",
            "reviewer": "法-07",
        },
    ),
)
