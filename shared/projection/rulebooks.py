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
        if [record for record in self._follower.news() if self._take(record)]:
            self.current = Rulebooks(self._books.values())
        return self.current

    def _take(self, record: Record) -> bool:
        try:
            event = decode(record.headers, record.value)
            book = load_bytes(event.data["document"].encode(), f"{event.data['id']}-v{event.data['version']}.yaml")
        except (BadEnvelope, RulebookError, KeyError) as error:
            logger.error("a published rulebook cannot be read", offset=record.offset, reason=str(error))  # noqa: TRY400
            return False
        # A published version is immutable: the first publication of an (id, version) is the one that counts.
        return self._books.setdefault((book.id, book.version), book) is book

    def close(self) -> None:
        self._follower.close()
