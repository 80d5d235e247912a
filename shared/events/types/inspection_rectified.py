"""The findings of an inspection were put right 整改 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Wire
from shared.events.texts import PastDay

INSPECTION_RECTIFIED = "cn.chengxin.inspection.rectified.v1"


class InspectionRectified(Wire):
    inspection_id = parts.inspection_id()
    verified_on = PastDay(what="Day on which it was verified 验收日")


EVENT = EventType(
    name=INSPECTION_RECTIFIED,
    topic="inspection",
    does="Lets the findings of an inspection count less from the day of verification.",
    data=InspectionRectified,
    example=example(
        INSPECTION_RECTIFIED,
        "sanitation:91320902MA1TE5T18M",
        "2026-02-10T11:00:00+08:00",
        {"inspection_id": "查-2026-0007", "verified_on": "2026-02-10"},
    ),
)
