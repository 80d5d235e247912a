"""A dispute of an inspection was decided (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example

INSPECTION_DISPUTE_CLOSED = "cn.chengxin.inspection.dispute_closed.v1"


class InspectionDisputeClosed(parts.DisputeClosure):
    inspection_id = parts.inspection_id()


EVENT = EventType(
    name=INSPECTION_DISPUTE_CLOSED,
    topic="inspection",
    does="Closes the dispute of an inspection, if the reviewer took no part in it.",
    data=InspectionDisputeClosed,
    example=example(
        INSPECTION_DISPUTE_CLOSED,
        "sanitation:91320902MA1TE5T18M",
        "2026-02-12T16:30:00+08:00",
        {
            "inspection_id": "查-2026-0007",
            "on": "2026-02-12",
            "channel": "objection",
            "body": "盐城市盐都区人民政府",
            "instrument_no": "盐都城管异〔2026〕2号",
            "outcome": "upheld",
            "reviewer": "320902-0909",
        },
    ),
)
