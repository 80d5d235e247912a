"""The subject disputes an inspection 异议 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example

INSPECTION_DISPUTED = "cn.chengxin.inspection.disputed.v1"


class InspectionDisputed(parts.Dispute):
    inspection_id = parts.inspection_id()


EVENT = EventType(
    name=INSPECTION_DISPUTED,
    topic="inspection",
    does="Marks an inspection as disputed; it changes no score.",
    data=InspectionDisputed,
    example=example(
        INSPECTION_DISPUTED,
        "sanitation:91320902MA1TE5T18M",
        "2026-02-05T10:00:00+08:00",
        {
            "inspection_id": "查-2026-0007",
            "on": "2026-02-05",
            "channel": "objection",
            "body": "盐城市盐都区人民政府",
            "instrument_no": "盐都城管异〔2026〕2号",
        },
    ),
)
