"""An inspector may not inspect a subject in a draw 回避 (行政处罚法 article 43)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Choice
from shared.events.texts import Prose, Text

DRAW_RECUSAL_FILED = "cn.chengxin.draw.recusal_filed.v1"

REASONS = {"relative": "近亲属", "interest": "直接利害关系", "handled": "曾经办理", "other": "其他可能影响公正的情形"}


class DrawRecusalFiled(parts.DrawStep):
    inspector_id = Text(64, what="Id of the inspector in the register")
    subject_id = parts.Line(200, what="Id of the subject, or of the case, as the pool has it")
    reason = Choice(*REASONS, what=", ".join(REASONS.values()))
    text = Prose(200, required=False, what="More about it; names nobody")


EVENT = EventType(
    name=DRAW_RECUSAL_FILED,
    topic="draws",
    does="Keeps an inspector away from a subject; filed before the freeze, and committed there by the draw's code.",
    data=DrawRecusalFiled,
    subject="draw:{draw_id}",
    elsewhere="file recusals at `/v1/draws/{draw_id}/recusals`",
    example=example(
        DRAW_RECUSAL_FILED,
        "draw:320902-2026-11",
        "2026-11-01T15:00:00+08:00",
        {
            "draw_id": "320902-2026-11",
            "sequence": 2,
            "by": "key:0a1b2c3d4e5f",
            "inspector_id": "320902-0101",
            "subject_id": "sanitation:91320902MA1TE5T18M",
            "reason": "relative",
            "text": "配偶在该单位任职",
        },
    ),
)
