"""Somebody let a topic partition run on that had stopped for too many bad events 熔断恢复 (DESIGN.md section 4)."""

from __future__ import annotations

from shared.events import parts
from shared.events.event_type import EventType, example
from shared.events.texts import Prose, Text

BREAKER_CLOSED = "cn.chengxin.breaker.closed.v1"
MOST_REASON = 500


class BreakerClosed(parts.LogPlace):
    """`offset` is that up to which its bad events were counted."""

    opened = Text(200, what="Why it had stopped")
    by = Text(200, what="Who let it run on")
    reason = Prose(MOST_REASON, what="Why it may run on; names no person")


EVENT = EventType(
    name=BREAKER_CLOSED,
    topic="audit",
    does="Tells that a topic partition runs on after too many bad events, by whom and why.",
    data=BreakerClosed,
    subject="breaker:{topic}:{partition}",
    elsewhere="let a partition run on with `chengxin breaker close`",
    example=example(
        BREAKER_CLOSED,
        "breaker:chengxin.enforcement.v1:3",
        "2026-03-02T09:10:00+08:00",
        {
            "topic": "chengxin.enforcement.v1",
            "partition": 3,
            "offset": 512,
            "opened": "100 bad events in a row, the last at offset 511",
            "by": "cli:operator",
            "reason": "the sender was repaired",
        },
    ),
)
