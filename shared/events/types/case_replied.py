"""The subject replied to a case 陈述 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example

CASE_REPLIED = "cn.chengxin.case.replied.v1"


class CaseReplied(parts.Reply):
    case_no = parts.case_no()


EVENT = EventType(
    name=CASE_REPLIED,
    topic="enforcement",
    does="Keeps what the subject has to say of a case beside it.",
    data=CaseReplied,
    example=example(
        CASE_REPLIED,
        "shop:92320902MA1N00026Y-01",
        "2026-02-10T09:15:00+08:00",
        {"case_no": "盐都城管罚字〔2026〕第0001号", "on": "2026-02-10", "statement": "已整改，附照片。"},
    ),
)
