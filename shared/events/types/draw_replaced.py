"""A replacement was confirmed 替换 (DRAW.md section 5)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Int

DRAW_REPLACED = "cn.chengxin.draw.replaced.v1"


class DrawReplaced(parts.DrawStep):
    proposal = Int(1, 1_000_000, what="The step by which it was proposed")
    record = parts.Line(parts.MOST_CHARACTERS_OF_A_PLAN, what="The record's canonical JSON")
    sha256 = parts.sha256("the record")


EVENT = EventType(
    name=DRAW_REPLACED,
    topic="draws",
    does="Confirms a replacement: who comes next follows from the seed.",
    data=DrawReplaced,
    subject="draw:{draw_id}",
    elsewhere="make draws at `/v1/draws`",
    example=example(
        DRAW_REPLACED,
        "draw:320902-2026-11",
        "2026-11-03T10:05:00+08:00",
        {
            "draw_id": "320902-2026-11",
            "sequence": 8,
            "by": "key:5f4e3d2c1b0a",
            "proposal": 7,
            "record": '{"cause":"illness","joins":null,"leaves":"320902-0101","over_load":false,"seq":1}',
            "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        },
    ),
)
