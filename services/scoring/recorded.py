"""The records of facts, found on the log again: a ledger keeps what a fact says, and not where it lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import structlog

from shared.credit.facts import Fact
from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import Log, Record, Subscription, TopicPartition
from shared.events.catalogue import catalogue
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode
from shared.store.entries import milliseconds

logger = structlog.get_logger()
_POLL_SECONDS = 1.0
_MOST = 500


class Recorded:
    """Looks where the log was when facts were recorded: only for what is rare."""

    def __init__(self, log: Log, prefix: str, partitions: int) -> None:
        self._log, self._prefix, self._partitions = log, prefix, partitions

    def records_of(self, facts: Iterable[Fact]) -> Iterator[Record]:
        """The records that brought facts; a line in the logs for each that is not there. Raises `LogUnavailable`."""
        by_place: dict[TopicPartition, list[Fact]] = defaultdict(list)
        for fact in facts:
            topic = f"{self._prefix}{catalogue().topic_of(fact.type)}.v1"
            by_place[TopicPartition(topic, bucket_of(fact.subject) % self._partitions)].append(fact)
        for at, wanted in by_place.items():
            reader = self._log.assign([at], glance=True)
            try:
                for fact in wanted:
                    if record := _found(reader, at, fact):
                        yield record
                    else:
                        logger.warning("record_not_found", topic=at.topic, partition=at.partition)
            finally:
                reader.close()


def _found(reader: Subscription, at: TopicPartition, fact: Fact) -> Record | None:
    stamp, end = milliseconds(fact.recorded_at), reader.end_offsets([at])[at]
    reader.seek(at, reader.offset_at(at, stamp))
    # To the end, and not to the next millisecond: a broker's clock may have gone back.
    while reader.position(at) < end:
        for record in reader.poll(timeout=_POLL_SECONDS, most=_MOST):
            if record.timestamp == stamp and _brought(record, fact):
                return record
    return None


def _brought(record: Record, fact: Fact) -> bool:
    try:
        event = decode(record.headers, record.value)
    except BadEnvelope:
        return False
    return (event.source, event.id, event.type, event.subject, event.time, event.data) == fact[:6]
