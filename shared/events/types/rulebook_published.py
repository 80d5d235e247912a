"""A version of a rulebook was published 规则发布 (SCORING.md section 2)."""

from __future__ import annotations

from shared.events.event_type import EventType, example
from shared.events.fields import Int, Wire
from shared.events.texts import Hex256, Pattern, Text

RULEBOOK_PUBLISHED = "cn.chengxin.rulebook.published.v1"

MOST_CHARACTERS = 1 << 20


class Document(Pattern):
    """A file as it was published, so that its SHA-256 can be recomputed."""

    pattern = r"[^\u0000]+"
    says = "the rulebook as it was published"


class RulebookPublished(Wire):
    id = Text(64, what="Id of the rulebook")
    version = Int(1, 1_000_000, what="Version of the rulebook")
    sha256 = Hex256(what="SHA-256 of the document in UTF-8")
    document = Document(MOST_CHARACTERS, what="The YAML document")


EVENT = EventType(
    name=RULEBOOK_PUBLISHED,
    topic="rulebooks",
    does="Puts a version of a rulebook in force from its own effective date; it never changes again.",
    data=RulebookPublished,
    subject="rulebook:{id}",
    elsewhere="publish rulebooks with `chengxin rulebook publish`",
    example=example(
        RULEBOOK_PUBLISHED,
        "rulebook:demo",
        "2025-12-01T09:00:00+08:00",
        {
            "id": "demo",
            "version": 1,
            "sha256": "4d17e1b66f5545a2420e8c5e233d0ab89a853524e417e5e39d4eae381b43031f",
            "document": "id: demo\nversion: 1\n",
        },
    ),
)
