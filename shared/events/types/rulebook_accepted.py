"""Somebody published a version of a rulebook 规则发布留痕 (DESIGN.md section 4)."""

from __future__ import annotations

from shared.events.event_type import EventType, example
from shared.events.fields import Int, Wire
from shared.events.texts import Day, Hex256, Text

RULEBOOK_ACCEPTED = "cn.chengxin.rulebook.accepted.v1"


class RulebookAccepted(Wire):
    """What was published. It was published late where `effective_from` is not after the day of the event's time."""

    id = Text(64, what="Id of the rulebook")
    version = Int(1, 1_000_000, what="Version of the rulebook")
    sha256 = Hex256(what="SHA-256 of the document as published")
    effective_from = Day(what="The day from which it is in force")
    by = Text(200, what="Who published it")


EVENT = EventType(
    name=RULEBOOK_ACCEPTED,
    topic="audit",
    does="Tells that a version of a rulebook was published, and by whom.",
    data=RulebookAccepted,
    subject="rulebook:{id}",
    elsewhere="publish rulebooks with `chengxin rulebook publish`",
    example=example(
        RULEBOOK_ACCEPTED,
        "rulebook:demo",
        "2025-12-01T09:00:00+08:00",
        {
            "id": "demo",
            "version": 1,
            "sha256": "4d17e1b66f5545a2420e8c5e233d0ab89a853524e417e5e39d4eae381b43031f",
            "effective_from": "2026-01-01",
            "by": "cli:operator",
        },
    ),
)
