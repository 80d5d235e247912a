"""The published rulebooks, read from the log: every worker and every reader has them before its first fact."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import structlog

from shared.credit.rulebook import Rulebook, RulebookError, Rulebooks
from shared.eventlog.following import Follower
from shared.eventlog.port import Log, Record, TopicPartition
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode
from shared.rulebooks.loader import load_bytes

logger = structlog.get_logger()


class Publication(NamedTuple):
    """A version as it was published: `content` has the bytes that its SHA-256 is of; the log took it at `at`."""

    book: Rulebook
    content: bytes
    at: datetime


class PublishedRulebooks:
    """Follows the topic of rulebooks, which has one partition.

    `current` is the set read so far, `publications` by id and version; each is replaced whole, so that others may read.
    """

    def __init__(self, log: Log, topic: str) -> None:
        self._follower = Follower(log, [TopicPartition(topic, 0)])
        self.publications: dict[tuple[str, int], Publication] = {}
        self.current = Rulebooks(())

    def refresh(self) -> Rulebooks:
        """Read the topic to its present end. Raises `LogUnavailable`."""
        for record in self._follower.news():
            self._take(record)
        return self.current

    def published_by(self, instant: datetime) -> Rulebooks:
        """Read the topic to its present end; what of it the log had taken by an instant. Raises `LogUnavailable`."""
        self.refresh()
        return Rulebooks([each.book for each in self.publications.values() if each.at <= instant])

    def _take(self, record: Record) -> None:
        """A published version is immutable: the first of an (id, version) counts, and of two that contradict."""
        try:
            event = decode(record.headers, record.value)
            content = str(event.data["document"]).encode()
            book = load_bytes(content, f"{event.data['id']}-v{event.data['version']}.yaml")
            if (book.id, book.version) not in self.publications:
                self.current = Rulebooks([*self.current.books.values(), book])
                at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
                self.publications = {**self.publications, (book.id, book.version): Publication(book, content, at)}
        except (BadEnvelope, RulebookError, KeyError) as error:
            logger.error("a published rulebook cannot be read", offset=record.offset, reason=str(error))  # noqa: TRY400

    def close(self) -> None:
        self._follower.close()
