"""A dead letter was sent again 死信重放 (DESIGN.md section 4, bad events)."""

from __future__ import annotations

from shared.eventlog.dead_letters import MOST_ATTEMPTS
from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.fields import Int, Part
from shared.events.texts import Text

DEAD_LETTER_REPLAYED = "cn.chengxin.dead_letter.replayed.v1"


class DeadLetterReplayed(parts.DeadLetter):
    attempts = Int(1, MOST_ATTEMPTS, what="How often the group had refused the record by then")
    by = Text(200, what="Who sent it again")
    to = Part(parts.LogPlace, what="Where it lies now")


EVENT = EventType(
    name=DEAD_LETTER_REPLAYED,
    topic="audit",
    does="Tells that a dead letter was sent again, by whom, and where it lies now.",
    data=DeadLetterReplayed,
    subject="dead-letter:{topic}:{partition}:{offset}:{group}",
    elsewhere="send dead letters again with `chengxin dead-letters replay`",
    example=example(
        DEAD_LETTER_REPLAYED,
        "dead-letter:chengxin.enforcement.v1:3:5:scoring",
        "2026-03-02T09:00:00+08:00",
        {
            "topic": "chengxin.enforcement.v1",
            "partition": 3,
            "offset": 5,
            "group": "scoring",
            "attempts": 1,
            "by": "cli:operator",
            "to": {"topic": "chengxin.enforcement.v1", "partition": 3, "offset": 77},
        },
    ),
)
