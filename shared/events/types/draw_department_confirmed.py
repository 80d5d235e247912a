"""A partner department confirms a joint draw 跨部门联合抽查."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Several
from shared.events.texts import Text

DRAW_DEPARTMENT_CONFIRMED = "cn.chengxin.draw.department_confirmed.v1"


class DrawDepartmentConfirmed(parts.DrawStep):
    department = parts.Line(200, what="The department, as the plan names it")
    inspectors = Several(Text(64), 1, 1000, distinct=True, what="Ids of those whom it gives")
    items = Several(Text(64), 0, 200, distinct=True, what="Codes of the plan's items 抽查事项 that it inspects")


EVENT = EventType(
    name=DRAW_DEPARTMENT_CONFIRMED,
    topic="draws",
    does="Says whom a partner department gives, and what it inspects; nobody else of it is drawn.",
    data=DrawDepartmentConfirmed,
    subject="draw:{draw_id}",
    elsewhere="confirm draws at `/v1/draws/{draw_id}/confirmations`",
    example=example(
        DRAW_DEPARTMENT_CONFIRMED,
        "draw:320902-2026-11",
        "2026-11-02T10:00:00+08:00",
        {
            "draw_id": "320902-2026-11",
            "sequence": 3,
            "by": "key:5f4e3d2c1b0a",
            "department": "盐都区消防救援大队",
            "inspectors": ["320902-0201", "320902-0203"],
            "items": ["XF-01"],
        },
    ),
)
