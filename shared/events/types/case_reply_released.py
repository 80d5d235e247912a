"""A subject's reply to a case may be shown to the public (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example

CASE_REPLY_RELEASED = "cn.chengxin.case.reply_released.v1"


class CaseReplyReleased(parts.ReplyRelease):
    case_no = parts.case_no()


EVENT = EventType(
    name=CASE_REPLY_RELEASED,
    topic="enforcement",
    does="Lets a reply stand beside its case in public; it changes no score.",
    data=CaseReplyReleased,
    example=example(
        CASE_REPLY_RELEASED,
        "shop:92320902MA1N00026Y-01",
        "2026-02-11T09:15:00+08:00",
        {
            "case_no": "盐都城管罚字〔2026〕第0001号",
            "on": "2026-02-11",
            "reply_source": "urn:chengxin:objections",
            "reply_id": "0a1b2c3d4e5f6071.replied",
            "reviewer": "法-07",
        },
    ),
)
