"""Positions of the worker's buckets, as last read from the store and written to it (DESIGN.md section 4, positions)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from shared.eventlog.partitioner import BUCKETS
from shared.eventlog.port import Positions, TopicPartition
from shared.projection.loop import Waiting
from shared.store.keys import field_of
from shared.store.progress import Bookkeeping, Progress


class BucketPositions:
    """Every bucket keeps its own position, so that a store restored in part is seen. Raises `StoreUnavailable`."""

    def __init__(self, bookkeeping: Bookkeeping, partitions: int) -> None:
        self._books = bookkeeping
        self._partitions = partitions
        self._progress: dict[int, dict[int, Progress]] = {}  # by partition, then by bucket

    def read(self, numbers: Collection[int]) -> None:
        """Forget what was known, and read the positions of whole partitions."""
        buckets = [bucket for bucket in range(BUCKETS) if bucket % self._partitions in numbers]
        self._progress = {number: {} for number in numbers}
        for bucket, progress in zip(buckets, self._books.progress(buckets), strict=True):
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

    def advance(self, positions: Positions) -> None:
        """Move every bucket on; a position that is not the one written here means that the store was set back."""
        moves: dict[int, dict[TopicPartition, tuple[int | None, int]]] = {}
        for at, new in positions.items():
            field = field_of(at)
            for bucket, progress in self._progress[at.partition].items():
                old = progress.positions.get(field)
                if old is None or old < new:
                    moves.setdefault(bucket, {})[at] = old, new
        if not moves:
            return
        if not self._books.advance(moves):
            raise Waiting("the store's positions are not those that were written: it was set back or taken over")
        for bucket, changes in moves.items():
            positions_here = self._progress[bucket % self._partitions][bucket].positions
            positions_here.update({field_of(at): new for at, (_, new) in changes.items()})

    def close(self, number: int, ends: Positions) -> None:
        """Close a partition's buckets to readers until the given ends are applied."""
        self._books.begin_rebuild(self.buckets([number]), ends)
        for progress in self._progress[number].values():
            progress.rebuilding.update({field_of(at): end for at, end in ends.items()})

    def open(self) -> list[int]:
        """Partitions that readers may read."""
        return [
            number
            for number, here in self._progress.items()
            if not any(progress.rebuilding for progress in here.values())
        ]

    def rebuilt(self) -> list[int]:
        """Closed partitions that have reached their ends."""
        return [
            number
            for number, here in self._progress.items()
            if any(progress.rebuilding for progress in here.values())
            and not any(progress.behind for progress in here.values())
        ]

    def reopen(self, numbers: Collection[int]) -> None:
        """Open partitions to readers again."""
        self._books.end_rebuild(self.buckets(numbers))
        for number in numbers:
            for progress in self._progress[number].values():
                progress.rebuilding.clear()
