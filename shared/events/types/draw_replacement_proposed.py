"""Somebody is to be replaced after a draw 替换申请 (DRAW.md section 5)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example

DRAW_REPLACEMENT_PROPOSED = "cn.chengxin.draw.replacement_proposed.v1"


class DrawReplacementProposed(parts.DrawStep):
    subject_id = parts.Line(1000, what="The subject that proved ineligible; with `inspector`, on whose panel he is")
    inspector = parts.Line(1000, required=False, what="The inspector who cannot serve")
    cause = parts.cause()


EVENT = EventType(
    name=DRAW_REPLACEMENT_PROPOSED,
    topic="draws",
    does="Proposes a replacement, which another person has to confirm.",
    data=DrawReplacementProposed,
    subject="draw:{draw_id}",
    elsewhere="make draws at `/v1/draws`",
    example=example(
        DRAW_REPLACEMENT_PROPOSED,
        "draw:320902-2026-11",
        "2026-11-03T10:02:00+08:00",
        {
            "draw_id": "320902-2026-11",
            "sequence": 7,
            "by": "key:0a1b2c3d4e5f",
            "subject_id": "shop:92320902MA1N00026Y-01",
            "inspector": "320902-0101",
            "cause": "illness",
        },
    ),
)
