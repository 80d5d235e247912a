"""The published rulebooks, read from the log: every worker and every reader has them before its first fact."""

from __future__ import annotations

import structlog

from shared.credit.rulebook import Rulebook, RulebookError, Rulebooks
from shared.eventlog.following import Follower
from shared.eventlog.port import Log, Record, TopicPartition
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode
from shared.rulebooks.loader import load_bytes

logger = structlog.get_logger()


class PublishedRulebooks:
    """Follows the topic of rulebooks, which has one partition. `current` is the set read so far."""

    def __init__(self, log: Log, topic: str) -> None:
        self._follower = Follower(log, [TopicPartition(topic, 0)])
        self._books: dict[tuple[str, int], Rulebook] = {}
        self.current = Rulebooks(())

    def refresh(self) -> Rulebooks:
        """Read the topic to its present end. Raises `LogUnavailable`."""
        for record in self._follower.news():
            self._take(record)
        return self.current

    def _take(self, record: Record) -> None:
        """A published version is immutable: the first of an (id, version) counts, and of two that contradict."""
        try:
            event = decode(record.headers, record.value)
            book = load_bytes(str(event.data["document"]).encode(), f"{event.data['id']}-v{event.data['version']}.yaml")
            if (book.id, book.version) not in self._books:
                self.current = Rulebooks([*self._books.values(), book])
                self._books[book.id, book.version] = book
        except (BadEnvelope, RulebookError, KeyError) as error:
            logger.error("a published rulebook cannot be read", offset=record.offset, reason=str(error))  # noqa: TRY400

    def close(self) -> None:
        self._follower.close()
