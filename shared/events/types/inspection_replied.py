"""The subject replied to an inspection 陈述 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example

INSPECTION_REPLIED = "cn.chengxin.inspection.replied.v1"


class InspectionReplied(parts.Reply):
    inspection_id = parts.inspection_id()


EVENT = EventType(
    name=INSPECTION_REPLIED,
    topic="inspection",
    does="Keeps what the subject has to say of an inspection beside it.",
    data=InspectionReplied,
    example=example(
        INSPECTION_REPLIED,
        "sanitation:91320902MA1TE5T18M",
        "2026-02-10T09:15:00+08:00",
        {"inspection_id": "查-2026-0007", "on": "2026-02-10", "statement": "已整改，附照片。"},
    ),
)
