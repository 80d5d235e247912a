"""A dispute of a case was decided (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example

CASE_DISPUTE_CLOSED = "cn.chengxin.case.dispute_closed.v1"


class CaseDisputeClosed(parts.DisputeClosure):
    case_no = parts.case_no()


EVENT = EventType(
    name=CASE_DISPUTE_CLOSED,
    topic="enforcement",
    does="Closes the dispute of a case, if the reviewer took no part in it.",
    data=CaseDisputeClosed,
    example=example(
        CASE_DISPUTE_CLOSED,
        "shop:92320902MA1N00026Y-01",
        "2026-02-12T16:30:00+08:00",
        {
            "case_no": "盐都城管罚字〔2026〕第0001号",
            "on": "2026-02-12",
            "channel": "objection",
            "body": "盐城市盐都区人民政府",
            "instrument_no": "盐都城管异〔2026〕2号",
            "outcome": "upheld",
            "reviewer": "320902-0909",
        },
    ),
)
