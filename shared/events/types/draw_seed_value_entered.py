"""The value of a seed source was entered 种子录入 (DRAW.md section 3)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example

DRAW_SEED_VALUE_ENTERED = "cn.chengxin.draw.seed_value_entered.v1"


class DrawSeedValueEntered(parts.DrawStep):
    source = parts.Line(parts.MOST_CHARACTERS_OF_A_PLAN, what="Name of the source")
    value = parts.Line(parts.MOST_CHARACTERS_OF_A_PLAN, what="Its value; the first one stands")


EVENT = EventType(
    name=DRAW_SEED_VALUE_ENTERED,
    topic="draws",
    does="Enters what came of a seed source; the first value stands.",
    data=DrawSeedValueEntered,
    subject="draw:{draw_id}",
    elsewhere="make draws at `/v1/draws`",
    example=example(
        DRAW_SEED_VALUE_ENTERED,
        "draw:320902-2026-11",
        "2026-11-02T10:01:00+08:00",
        {
            "draw_id": "320902-2026-11",
            "sequence": 4,
            "by": "key:5f4e3d2c1b0a",
            "source": "drand 9000000",
            "value": "7777777777777777777777777777777777777777777777777777777777777777",
        },
    ),
)
