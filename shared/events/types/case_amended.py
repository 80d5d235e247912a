"""The decision of a case was changed 变更 (SCORING.md section 1)."""

from __future__ import annotations

from shared.events.event_type import EventType, example, not_before
from shared.events.fields import Int
from shared.events.types.case_decided import EXAMPLE, CaseDecided

CASE_AMENDED = "cn.chengxin.case.amended.v1"


class CaseAmended(CaseDecided):
    """The whole new content of a case."""

    revision = Int(1, 1000, what="1, 2, …; the highest one is the content")


EVENT = EventType(
    name=CASE_AMENDED,
    topic="enforcement",
    does="Replaces the whole content of a case by that of a higher revision.",
    data=CaseAmended,
    rules=(not_before("decided_on", "occurred_on"),),
    example=example(
        CASE_AMENDED,
        "shop:92320902MA1N00026Y-01",
        "2026-02-20T10:00:00+08:00",
        EXAMPLE | {"revision": 1, "severity": "minor", "penalties": [{"kind": "警告"}]},
    ),
)
