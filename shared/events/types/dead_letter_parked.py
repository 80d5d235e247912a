"""A dead letter was put aside for good 死信搁置 (DESIGN.md section 4, bad events)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.texts import Prose, Text

DEAD_LETTER_PARKED = "cn.chengxin.dead_letter.parked.v1"
MOST_REASON = 500


class DeadLetterParked(parts.DeadLetter):
    by = Text(200, what="Who put it aside")
    reason = Prose(MOST_REASON, what="Why it need not be sent again; names no person")


EVENT = EventType(
    name=DEAD_LETTER_PARKED,
    topic="audit",
    does="Tells that a dead letter was put aside for good, by whom and why.",
    data=DeadLetterParked,
    subject="dead-letter:{topic}:{partition}:{offset}:{group}",
    elsewhere="put dead letters aside with `chengxin dead-letters park`",
    example=example(
        DEAD_LETTER_PARKED,
        "dead-letter:chengxin.in.sample:0:12:ingest",
        "2026-03-02T09:05:00+08:00",
        {
            "topic": "chengxin.in.sample",
            "partition": 0,
            "offset": 12,
            "group": "ingest",
            "by": "cli:operator",
            "reason": "the organ has sent it again under another number",
        },
    ),
)
