"""A draw was planned 抽查计划 (DRAW.md section 2)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.texts import Hex256, Pattern

DRAW_PLANNED = "cn.chengxin.draw.planned.v1"


class PlanDocument(Pattern):
    """A plan as it stands, so that its SHA-256 can be recomputed."""

    pattern = r"[^\u0000]+"
    says = "the plan's canonical JSON"


class DrawPlanned(parts.DrawStep):
    plan = PlanDocument(parts.MOST_CHARACTERS_OF_A_PLAN, what="The plan's canonical JSON, as it is frozen")
    sha256 = parts.sha256("the plan")
    codes_sha256 = Hex256(required=False, what="SHA-256 of the list of who has which code, which is not public")
    request_sha256 = Hex256(required=False, what="SHA-256 of the request that may be sent again, in canonical JSON")


EVENT = EventType(
    name=DRAW_PLANNED,
    topic="draws",
    does="Plans a draw; the plan never changes again.",
    data=DrawPlanned,
    subject="draw:{draw_id}",
    elsewhere="make draws at `/v1/draws`",
    example=example(
        DRAW_PLANNED,
        "draw:320902-2026-11",
        "2026-11-01T09:00:00+08:00",
        {
            "draw_id": "320902-2026-11",
            "sequence": 1,
            "by": "key:0a1b2c3d4e5f",
            "plan": '{"draw_id":"320902-2026-11","protocol":"chengxin-draw/1"}',
            "sha256": "1111111111111111111111111111111111111111111111111111111111111111",
            "request_sha256": "3333333333333333333333333333333333333333333333333333333333333333",
            "codes_sha256": "2222222222222222222222222222222222222222222222222222222222222222",
        },
    ),
)
