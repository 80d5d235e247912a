"""The breakers of the topic partitions that a worker owns: counted with each batch, kept with each commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import structlog

from shared.eventlog.port import Positions, Record, TopicPartition
from shared.projection.breaker import Limits, Tally, counted
from shared.store.breakers import Breakers

logger = structlog.get_logger()


class Breaking:
    """Raises `StoreUnavailable` where it reads or writes."""

    def __init__(self, breakers: Breakers, limits: Limits) -> None:
        self._breakers = breakers
        self._limits = limits
        self._tallies: dict[TopicPartition, Tally] = {}
        self._changed: set[TopicPartition] = set()

    def start(self, partitions: Collection[TopicPartition]) -> None:
        """Go on with what was counted before."""
        self._tallies = self._breakers.read(sorted(partitions))
        self._changed.clear()

    def count(self, records: Iterable[Record], bad: Iterable[Record], committed: Positions) -> None:
        """Count a batch; what lies before `committed` is read again by a rebuild, and was counted once."""
        by_place: dict[TopicPartition, list[int]] = defaultdict(list)
        for record in records:
            if record.offset >= committed.get(record.at, 0):
                by_place[record.at].append(record.offset)
        wrong: dict[TopicPartition, set[int]] = defaultdict(set)
        for record in bad:
            wrong[record.at].add(record.offset)
        for at, offsets in by_place.items():
            before = self._tallies[at]
            after = self._tallies[at] = counted(before, offsets, wrong[at], self._limits)
            self._changed.add(at)
            if after.opened and not before.opened:
                logger.error("breaker_opened", topic=at.topic, partition=at.partition, reason=after.opened)

    def keep(self) -> None:
        """Write what was counted, and see whether somebody has closed one.

        What somebody else has written goes before: a command that closed it, or an owner that came after this one.
        """
        self._tallies |= self._breakers.write({at: self._tallies[at] for at in self._changed})
        self._changed.clear()
        for at, tally in self._breakers.read(sorted(self.open())).items():
            if not tally.opened:
                logger.info("breaker_closed", topic=at.topic, partition=at.partition)
                self._tallies[at] = tally

    def open(self) -> frozenset[TopicPartition]:
        """Topic partitions that have stopped."""
        return frozenset(at for at, tally in self._tallies.items() if tally.opened)
