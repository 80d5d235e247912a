"""All values of a draw's seed are in 种子齐备 (DRAW.md section 3)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example

DRAW_SEEDED = "cn.chengxin.draw.seeded.v1"


class DrawSeeded(parts.DrawStep):
    sha256 = parts.sha256("the canonical JSON of the values")


EVENT = EventType(
    name=DRAW_SEEDED,
    topic="draws",
    does="Tells that all values are in, from which on the draw can no longer be abandoned.",
    data=DrawSeeded,
    subject="draw:{draw_id}",
    elsewhere="make draws at `/v1/draws`",
    example=example(
        DRAW_SEEDED,
        "draw:320902-2026-11",
        "2026-11-02T10:01:00+08:00",
        {
            "draw_id": "320902-2026-11",
            "sequence": 5,
            "by": "key:5f4e3d2c1b0a",
            "sha256": "8888888888888888888888888888888888888888888888888888888888888888",
        },
    ),
)
