"""Whether the store holds what the log gives, or is being filled, was emptied, or was set back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from shared.eventlog.partitioner import BUCKETS
from shared.store.progress import Bookkeeping, Progress

_T = TypeVar("_T")


class Rebuilding(Exception):
    """The part of the store that is asked for is being filled from the log again."""

    def __init__(self, behind: int | None) -> None:
        super().__init__(behind)
        self.behind = behind
        """Records that have yet to be applied; None where no worker has begun."""


class Filled:
    """Judges buckets. `partitions` is the number of those of the subject-keyed topics.

    `committed` says of a partition, by field of a position, how far the workers have told the log that they are. Every
    position is in the store before that: a bucket behind it lies in a store that was set back, and is not read.
    Every method raises `StoreUnavailable` where the store cannot answer.
    """

    def __init__(self, books: Bookkeeping, partitions: int, committed: Callable[[int], Mapping[str, int]]) -> None:
        self._books, self._partitions, self._committed = books, partitions, committed

    def refuse_unfilled(self, buckets: Sequence[int]) -> None:
        """Raises `Rebuilding` unless all that was just read of buckets can be believed.

        Ask after reading, never before: the store may be emptied in between.
        """
        self.refuse(dict(zip(buckets, self._books.progress(buckets), strict=True)))

    def refuse(self, progress: Mapping[int, Progress]) -> None:
        """The same of buckets whose progress was read together with all the rest, or after it."""
        alike = {(bucket % self._partitions, id(each)): each for bucket, each in progress.items()}
        for (number, _), each in alike.items():
            self._refuse(number, each)

    def applied_until(self) -> datetime:
        """Until when everything on the log is in what is read from now on. Raises `Rebuilding`."""
        instants = self._books.applied_each(range(self._partitions))
        self.refuse_unfilled(range(BUCKETS))
        known = [instant for instant in instants if instant is not None]
        if len(known) < len(instants):
            raise Rebuilding(None)
        return min(known)

    def _refuse(self, number: int, progress: Progress) -> None:
        if progress.behind:
            raise Rebuilding(progress.behind)
        if not progress.positions or progress.is_behind(self._committed(number)):
            raise Rebuilding(None)


def believed(read: Callable[[], _T]) -> _T:
    """What is read, all of it again where the store seems to be behind what the workers have told the log.

    The offsets must be asked last, or a store that is set back meanwhile would be believed. So a worker may have gone
    on between its progress and them.
    """
    try:
        return read()
    except Rebuilding:
        return read()
