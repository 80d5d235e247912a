"""A draw was published 公开 (DRAW.md section 7)."""

from __future__ import annotations

from shared.draw.bundle import PUBLISHED
from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Part, Several

DRAW_PUBLISHED = "cn.chengxin.draw.published.v1"


class DrawPublished(parts.DrawStep):
    files = Several(Part(parts.FileHash), len(PUBLISHED), len(PUBLISHED), what="The files of the bundle")
    sha256 = parts.sha256("the canonical JSON of these files' hashes by their names")


EVENT = EventType(
    name=DRAW_PUBLISHED,
    topic="draws",
    does="Publishes the bundle of a draw.",
    data=DrawPublished,
    subject="draw:{draw_id}",
    elsewhere="make draws at `/v1/draws`",
    example=example(
        DRAW_PUBLISHED,
        "draw:320902-2026-11",
        "2026-11-30T10:00:00+08:00",
        {
            "draw_id": "320902-2026-11",
            "sequence": 9,
            "by": "key:0a1b2c3d4e5f",
            "files": [{"name": name, "sha256": "1" * 64} for name in PUBLISHED],
            "sha256": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
        },
    ),
)
