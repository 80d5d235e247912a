"""A draw was made 抽取 (DRAW.md section 4)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Int

DRAW_DRAWN = "cn.chengxin.draw.drawn.v1"


class DrawDrawn(parts.DrawStep):
    sha256 = parts.sha256("the result")
    selected = Int(0, parts.MOST_OFFSET, what="How many subjects were drawn")


EVENT = EventType(
    name=DRAW_DRAWN,
    topic="draws",
    does="Tells the one result that the frozen documents and the seed give.",
    data=DrawDrawn,
    subject="draw:{draw_id}",
    elsewhere="make draws at `/v1/draws`",
    example=example(
        DRAW_DRAWN,
        "draw:320902-2026-11",
        "2026-11-02T10:02:00+08:00",
        {
            "draw_id": "320902-2026-11",
            "sequence": 6,
            "by": "key:5f4e3d2c1b0a",
            "sha256": "9999999999999999999999999999999999999999999999999999999999999999",
            "selected": 3,
        },
    ),
)
