"""The subject disputes a case 异议 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example

CASE_DISPUTED = "cn.chengxin.case.disputed.v1"


class CaseDisputed(parts.Dispute):
    case_no = parts.case_no()


EVENT = EventType(
    name=CASE_DISPUTED,
    topic="enforcement",
    does="Marks a case as disputed; it changes no score.",
    data=CaseDisputed,
    example=example(
        CASE_DISPUTED,
        "shop:92320902MA1N00026Y-01",
        "2026-02-05T10:00:00+08:00",
        {
            "case_no": "盐都城管罚字〔2026〕第0001号",
            "on": "2026-02-05",
            "channel": "objection",
            "body": "盐城市盐都区人民政府",
            "instrument_no": "盐都城管异〔2026〕2号",
        },
    ),
)
