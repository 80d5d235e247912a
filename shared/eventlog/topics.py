"""The catalogue of topics (DESIGN.md section 4). Names here lack the installation's prefix; `wanted` puts it on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

DAY_MS = 86_400_000
FOR_EVER = -1
INBOX_DAYS, UPLOAD_DAYS = 14, 30
LETTER_BYTES = 12 << 20
"""What was small as an organ's client compressed it may be larger as ours does."""

ENFORCEMENT = "enforcement.v1"
INSPECTION = "inspection.v1"
REGISTRY = "registry.v1"
RULEBOOKS = "rulebooks.v1"
DRAWS = "draws.v1"
DOCUMENTS = "documents.v1"
ACCESS = "access.v1"
UPLOADS = "uploads.v1"
UPLOAD_STEPS = "upload-steps.v1"
SCORES = "scores.v1"
AUDIT = "audit.v1"

SUBJECT_TOPICS = (ENFORCEMENT, INSPECTION, REGISTRY)
"""What scores are made of: the facts of subjects, co-partitioned."""

ENDING = ".dlq"
"""Ends the name of every topic of dead letters, and of no other."""
INGEST, SCORING = "ingest", "scoring"
"""Consumer groups that write dead letters."""
LOOKUP = "lookup"
"""The consumer group that files the directory; it judges nothing."""
NOTIFY = "notify"
"""The consumer group that tells subscribers; it judges nothing either."""
UPLOADING = "uploads"
"""The consumer group that judges uploaded files and appends their rows."""
PEOPLE = "draws"
"""The consumer group that files inspectors and what came of their inspections; it judges nothing either."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic is for, and how it is kept. `keyed`: its key is a subject id, its partitions follow the buckets."""

    name: str
    holds: str
    keyed: bool = False
    cleanup: Literal["delete", "compact"] = "delete"
    retention_ms: int = FOR_EVER
    readers: tuple[str, ...] = ()
    """Groups that put what they cannot accept into this topic's dead letters."""


CATALOGUE = (
    Topic(ENFORCEMENT, "all case, credit and fleet events, withdrawals", keyed=True, readers=(SCORING,)),
    Topic(INSPECTION, "inspections, rectifications, their disputes", keyed=True, readers=(SCORING,)),
    Topic(REGISTRY, "subjects and inspectors", keyed=True, readers=(SCORING,)),
    Topic(RULEBOOKS, "published versions of rulebooks"),
    Topic(DRAWS, "steps of draws"),
    Topic(DOCUMENTS, "frozen documents by SHA-256, in chunks"),
    Topic(ACCESS, "access keys (hashed), webhook subscriptions", cleanup="compact"),
    Topic(UPLOADS, "uploaded files, in chunks", retention_ms=UPLOAD_DAYS * DAY_MS),
    Topic(UPLOAD_STEPS, "what becomes of uploaded files", retention_ms=UPLOAD_DAYS * DAY_MS),
    Topic(SCORES, "a subject's present state, both views", keyed=True, cleanup="compact"),
    Topic(AUDIT, "who did or read what needs a trace"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic of one installation, by its full name."""

    name: str
    partitions: int
    cleanup: str
    retention_ms: int

    @property
    def configuration(self) -> dict[str, str]:
        """Kafka's topic configuration, apart from the number of copies that must be in sync."""
        letters = {"max.message.bytes": str(LETTER_BYTES)} if self.name.endswith(ENDING) else {}
        kept = {"retention.ms": str(self.retention_ms), "retention.bytes": "-1"}
        compacted = {"min.cleanable.dirty.ratio": "0.1", "segment.ms": str(DAY_MS)}
        return {
            "cleanup.policy": self.cleanup,
            "message.timestamp.type": "LogAppendTime",
            "compression.type": "producer",
            **(compacted if self.cleanup == "compact" else kept),
            **letters,
        }


def inbox_of(organ: str) -> str:
    """Where an organ's own systems write: any key, any partitioner."""
    return f"in.{organ}"


def dead_letters_of(topic: str, group: str) -> str:
    """Where a group puts what it cannot accept from a topic; with the prefix where the topic's name has it."""
    return f"{topic}.{group}{ENDING}"


def wanted(prefix: str, partitions: int, organs: Collection[str] = ()) -> list[Wanted]:
    """Every topic of an installation, dead letters too. `partitions` is the number of the subject-keyed ones."""
    inboxes = [
        Topic(inbox_of(organ), "what an organ writes", True, "delete", INBOX_DAYS * DAY_MS, (INGEST,))
        for organ in organs
    ]
    result = []
    for topic in (*CATALOGUE, *inboxes):
        number = partitions if topic.keyed else 1
        result.append(Wanted(prefix + topic.name, number, topic.cleanup, topic.retention_ms))
        letters = [dead_letters_of(prefix + topic.name, group) for group in topic.readers]
        result += [Wanted(name, 1, "delete", FOR_EVER) for name in letters]
    return result
