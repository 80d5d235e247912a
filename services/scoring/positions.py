"""Positions of the worker's buckets, as last read from the store and written to it (DESIGN.md section 4, positions)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from shared.eventlog.partitioner import BUCKETS
from shared.eventlog.port import Positions, TopicPartition
from shared.store.keys import field_of
from shared.store.progress import Bookkeeping, Progress
from shared.store.tenure import Displaced, Tenure


class BucketPositions:
    """Every bucket keeps its own position, so that a store restored in part is seen.

    Whatever writes raises `Displaced` and `StoreUnavailable`; taking over raises `OtherPartitions`.
    """

    def __init__(self, bookkeeping: Bookkeeping, partitions: int, tenure: Tenure) -> None:
        self._books = bookkeeping
        self._tenure = tenure
        self._partitions = partitions
        self._progress: dict[int, dict[int, Progress]] = {}  # by partition, then by bucket

    def claim(self, numbers: Collection[int]) -> None:
        """Forget what was known; take whole partitions over, and read their positions."""
        self._books.refuse_other(self._partitions)
        buckets = [bucket for bucket in range(BUCKETS) if bucket % self._partitions in numbers]
        self._progress = {number: {} for number in numbers}
        for bucket, progress in zip(buckets, self._books.claim(buckets, self._tenure), strict=True):
            self._progress[bucket % self._partitions][bucket] = progress

    def buckets(self, numbers: Iterable[int]) -> list[int]:
        """The buckets of partitions."""
        return [bucket for number in numbers for bucket in self._progress[number]]

    def least(self, at: TopicPartition) -> int:
        """The least position of the partition's buckets; one that has none yet must begin at the beginning."""
        field = field_of(at)
        return min(progress.positions.get(field, 0) for progress in self._progress[at.partition].values())

    def begun(self, at: TopicPartition) -> bool:
        """Whether every bucket of the partition has a position."""
        field = field_of(at)
        return all(field in progress.positions for progress in self._progress[at.partition].values())

    def greatest(self, at: TopicPartition) -> int:
        """The greatest position of the partition's buckets."""
        field = field_of(at)
        return max(progress.positions.get(field, 0) for progress in self._progress[at.partition].values())

    def advance(self, positions: Positions) -> None:
        """Move buckets on; those that stay are looked at too, since a store that is idle may be set back as well."""
        moves: dict[int, dict[str, int]] = {}
        for at, new in positions.items():
            field = field_of(at)
            for bucket, progress in self._progress[at.partition].items():
                if progress.positions.get(field, -1) < new:
                    moves.setdefault(bucket, {})[field] = new
        stay = [bucket for bucket in self.buckets(self._progress) if bucket not in moves]
        self._write(moves, lambda before, bucket: before._replace(positions={**before.positions, **moves[bucket]}))
        if not self._books.holds(stay, self._tenure):
            raise Displaced

    def close(self, number: int, ends: Positions) -> None:
        """Close a partition's buckets to readers until the given ends are applied."""
        until = {field_of(at): end for at, end in ends.items()}
        self._write(self.buckets([number]), lambda before, _: before._replace(rebuilding=until))

    def open(self) -> list[int]:
        """Partitions without a rebuild under way: what is in them may be told of."""
        return [
            number
            for number, here in self._progress.items()
            if not any(progress.rebuilding for progress in here.values())
        ]

    def rebuilt(self) -> list[int]:
        """Partitions whose rebuild has reached its ends."""
        return [
            number
            for number, here in self._progress.items()
            if any(progress.rebuilding for progress in here.values())
            and not any(progress.behind for progress in here.values())
        ]

    def reopen(self, numbers: Collection[int]) -> None:
        """End the rebuild of partitions."""
        self._write(self.buckets(numbers), lambda before, _: before._replace(rebuilding={}))

    def _write(self, buckets: Iterable[int], change: Callable[[Progress, int], Progress]) -> None:
        new = {bucket: change(self._progress[bucket % self._partitions][bucket], bucket) for bucket in buckets}
        self._books.advance(new, self._tenure)
        for bucket, progress in new.items():
            self._progress[bucket % self._partitions][bucket] = progress
