"""A draw was given up before its seed was known 终止 (DRAW.md section 8)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example

DRAW_ABANDONED = "cn.chengxin.draw.abandoned.v1"


class DrawAbandoned(parts.DrawStep):
    cause = parts.cause()
    sha256 = parts.sha256("the canonical JSON of the cause")


EVENT = EventType(
    name=DRAW_ABANDONED,
    topic="draws",
    does="Gives a draw up; it stays visible.",
    data=DrawAbandoned,
    subject="draw:{draw_id}",
    elsewhere="make draws at `/v1/draws`",
    example=example(
        DRAW_ABANDONED,
        "draw:320902-2026-11",
        "2026-11-01T12:00:00+08:00",
        {
            "draw_id": "320902-2026-11",
            "sequence": 3,
            "by": "key:0a1b2c3d4e5f",
            "cause": "名录有误",
            "sha256": "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",
        },
    ),
)
