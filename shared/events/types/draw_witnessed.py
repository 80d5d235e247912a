"""Somebody witnesses a draw 见证."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Choice

DRAW_WITNESSED = "cn.chengxin.draw.witnessed.v1"


class DrawWitnessed(parts.DrawStep):
    """The log never forgets, so it learns no more of a name than is shown."""

    role = Choice("deputy", "committee", "citizen", "notary", what="代表, 委员, 市民, 公证")
    name = parts.Line(100, what="Name as it is shown: all but its first character masked")


EVENT = EventType(
    name=DRAW_WITNESSED,
    topic="draws",
    does="Names a witness of a draw.",
    data=DrawWitnessed,
    subject="draw:{draw_id}",
    elsewhere="make draws at `/v1/draws`",
    example=example(
        DRAW_WITNESSED,
        "draw:320902-2026-11",
        "2026-11-02T09:30:00+08:00",
        {
            "draw_id": "320902-2026-11",
            "sequence": 3,
            "by": "key:0a1b2c3d4e5f",
            "role": "notary",
            "name": "张**",
        },
    ),
)
