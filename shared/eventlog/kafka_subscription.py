"""A Kafka consumer as the port's subscription."""

from __future__ import annotations

import time
from collections.abc import Collection
from contextlib import suppress
from typing import Any

import structlog
from kafka import KafkaConsumer, OffsetAndMetadata
from kafka import TopicPartition as KafkaPartition
from kafka.errors import FencedInstanceIdError, KafkaError, LogTruncationError, OffsetOutOfRangeError

from shared.eventlog.kafka_client import Patience, bounded, milliseconds, translated
from shared.eventlog.kafka_ownership import Ownership
from shared.eventlog.port import BeyondEnd, Fenced, LogUnavailable, Positions, Record, TopicPartition

logger = structlog.get_logger()
_SLICE_SECONDS, _JOIN_SECONDS = 0.1, 0.05
"""Longest single wait in the client (new partitions are told after it), and the least while it joins."""
_ASK_SECONDS, _CLOSE_SECONDS = 2.0, 2.0


class KafkaSubscription:
    """A subscription. One thread uses it."""

    def __init__(
        self, consumer: KafkaConsumer, ownership: Ownership, patience: Patience, known: Collection[TopicPartition]
    ) -> None:
        """`known` has a partition of the log to ask for when there is silence."""
        self._consumer, self._ownership, self._patience = consumer, ownership, patience
        self._known = list(known)[:1]
        self._heard = time.monotonic()
        self._replaced = False

    def poll(self, *, timeout: float, most: int) -> list[Record]:
        """Records of all owned partitions, each in order."""
        if self._replaced:
            raise Fenced("another process has this member's name")
        until = time.monotonic() + timeout
        while True:
            left = until - time.monotonic()
            batches = self._fetch(max(min(left, _SLICE_SECONDS), 0.0 if self.owned() else _JOIN_SECONDS), most)
            self._ownership.tell(self._start)
            if batches:
                self._heard = time.monotonic()
                return [_record(each) for batch in batches.values() for each in batch]
            if left <= 0:
                self._ask_whether_it_is_there()
                return []

    def owned(self) -> frozenset[TopicPartition]:
        return self._ownership.owned

    def position(self, at: TopicPartition) -> int:
        with translated():
            offset = self._consumer.position(KafkaPartition(*at), timeout_ms=self._answer)
        if offset is None:
            raise LogUnavailable(f"no position of {at.topic}-{at.partition} yet")
        return offset

    def seek(self, at: TopicPartition, offset: int) -> None:
        self._consumer.seek(KafkaPartition(*at), offset)

    def committed(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        if self._consumer.config["group_id"] is None:
            return {}
        with translated():
            found = {at: self._consumer.committed(KafkaPartition(*at), timeout_ms=self._answer) for at in partitions}
        return {at: offset for at, offset in found.items() if offset is not None}

    def beginning_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        with translated():
            found = self._consumer.beginning_offsets(_theirs(partitions), timeout_ms=self._answer)
        return {TopicPartition(*at): offset for at, offset in found.items()}

    def end_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        with translated():
            found = self._consumer.end_offsets(_theirs(partitions), timeout_ms=self._answer)
        return {TopicPartition(*at): offset for at, offset in found.items()}

    def offset_at(self, at: TopicPartition, milliseconds: int) -> int:
        place = KafkaPartition(*at)
        with translated():
            found = self._consumer.offsets_for_times({place: milliseconds}, timeout_ms=self._answer)[place]
        return found.offset if found else self.end_offsets([at])[at]

    def commit(self, positions: Positions) -> None:
        """Commit positions to the group. Raises `Fenced` or `LogUnavailable`."""
        self.check(positions)
        with translated():
            try:
                self._consumer.commit(offsets(positions), timeout_ms=self._answer)
            except FencedInstanceIdError:
                self._replaced = True
                raise

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        self._ownership.paused.update(partitions)
        self._consumer.pause(*_theirs(partitions))

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        self._ownership.paused.difference_update(partitions)
        self._consumer.resume(*_theirs(partitions))

    def close(self) -> None:
        """Leave the group; a member with a name keeps its place until the session time-out."""
        self._ownership.release()
        close(self._consumer)

    def check(self, positions: Positions) -> None:
        """Raises `Fenced` when one of them is not owned."""
        self._ownership.check(positions)

    def group_metadata(self) -> Any:
        """What a transaction needs to fence an owner that lost its partitions."""
        return self._consumer.group_metadata()

    @property
    def _answer(self) -> int:
        return milliseconds(self._patience.answer)

    def _fetch(self, seconds: float, most: int) -> dict[KafkaPartition, list[Any]]:
        self._join_to_the_end()
        with translated():
            try:
                batches: dict[KafkaPartition, list[Any]]
                batches = self._consumer.poll(timeout_ms=milliseconds(seconds), max_records=most)
            except (OffsetOutOfRangeError, LogTruncationError) as error:
                lost = error.args[0] if isinstance(error, OffsetOutOfRangeError) else error.divergent_offsets
                self._find_again({TopicPartition(*at) for at in lost})
                return {}
            return batches

    def _join_to_the_end(self) -> None:
        """kafka-python 3.0 forgets a rebalance that changed metadata began, when a poll ends in the middle of it: it
        would own nothing, send no heartbeat, and be silent for ever.
        """
        coordinator: Any = self._consumer._coordinator  # type: ignore[attr-defined]  # noqa: SLF001
        if coordinator.rejoining:
            coordinator.request_rejoin()

    def _find_again(self, lost: Collection[TopicPartition]) -> None:
        """A position before the beginning goes there (retention is over); one beyond the end is an alarm."""
        beginnings, ends = self.beginning_offsets(lost), self.end_offsets(lost)
        for at in lost:
            position = self.position(at)
            if position >= beginnings[at]:
                raise BeyondEnd(at, position, ends[at])
            logger.warning("records passed away unread", topic=at.topic, partition=at.partition, position=position)
            self.seek(at, beginnings[at])

    def _start(self, new: frozenset[TopicPartition], answered: Positions) -> Positions:
        rest = new - answered.keys()
        positions = dict(answered) | self.committed(rest)
        return positions | self.beginning_offsets(new - positions.keys())

    def _ask_whether_it_is_there(self) -> None:
        """The client retries in silence while brokers are away."""
        if time.monotonic() - self._heard >= self._patience.silence:
            with translated():
                waits = min(self._patience.answer, _ASK_SECONDS)
                self._consumer.end_offsets(_theirs(self._known), timeout_ms=milliseconds(waits))
            self._heard = time.monotonic()


def close(consumer: KafkaConsumer) -> None:
    """Close a consumer within a time, whatever its brokers do."""
    with suppress(KafkaError, LogUnavailable):
        bounded(lambda: consumer.close(timeout_ms=milliseconds(_CLOSE_SECONDS)), 2 * _CLOSE_SECONDS)


def offsets(positions: Positions) -> dict[KafkaPartition, OffsetAndMetadata]:
    """Positions as Kafka's clients take them."""
    return {KafkaPartition(*at): OffsetAndMetadata(offset, "", -1) for at, offset in positions.items()}


def _theirs(partitions: Collection[TopicPartition]) -> list[KafkaPartition]:
    return [KafkaPartition(*at) for at in partitions]


def _record(each: Any) -> Record:
    return Record(each.topic, each.partition, each.offset, each.timestamp, each.key, each.value, tuple(each.headers))
