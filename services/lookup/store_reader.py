"""The reader of subjects over the real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from services.lookup.reading import Head, Rebuilding, StoreDown
from shared.credit.facts import Fact
from shared.eventlog.partitioner import bucket_of
from shared.store.client import StoreUnavailable
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping, Progress

_T = TypeVar("_T")


class StoreReader:
    """Reads what the scoring workers keep. `partitions` is the number of those of the subject-keyed topics.

    `committed` says of a partition, by field of a position, how far the workers have told the log that they are. Every
    position is in the store before that: a bucket behind it lies in a store that was set back, and is not read.
    """

    def __init__(
        self, ledgers: Ledgers, bookkeeping: Bookkeeping, partitions: int, committed: Callable[[int], Mapping[str, int]]
    ) -> None:
        self._ledgers = ledgers
        self._books = bookkeeping
        self._partitions = partitions
        self._committed = committed

    def head(self, subject_id: str) -> Head | None:
        return self.heads([subject_id]).get(subject_id)

    def heads(self, subjects: Sequence[str]) -> dict[str, Head]:
        return believed(lambda: self._heads(subjects))

    def facts(self, subject_id: str) -> list[Fact]:
        return believed(lambda: self._facts(subject_id))

    def _heads(self, subjects: Sequence[str]) -> dict[str, Head]:
        buckets = sorted(set(map(bucket_of, subjects)))
        numbers = sorted({bucket % self._partitions for bucket in buckets})
        with answering():
            # The instants first: whatever the log held until then is in a summary that is read after it. The progress
            # last: a store that was emptied or set back in between must not make a subject unknown, or a score old.
            applied = dict(zip(numbers, self._books.applied_each(numbers), strict=True))
            kept = self._ledgers.heads(subjects)
            progress = self._books.progress(buckets)
        for bucket, each in zip(buckets, progress, strict=True):
            self._refuse_unfilled(bucket, each)
        until = {number: instant for number, instant in applied.items() if instant is not None}
        if len(until) < len(applied):
            raise Rebuilding(None)
        return {
            subject_id: Head(
                summary,
                version.rulebooks,
                version.day,
                until[bucket_of(subject_id) % self._partitions],
                failed="failed" in summary,
            )
            for subject_id, (version, summary) in zip(subjects, kept, strict=True)
            if summary is not None
        }

    def _facts(self, subject_id: str) -> list[Fact]:
        bucket = bucket_of(subject_id)
        with answering():
            found = list(self._ledgers.load([subject_id])[subject_id].entries.values())
            [progress] = self._books.progress([bucket])
        self._refuse_unfilled(bucket, progress)  # after the facts: the store may have been emptied in between
        return found

    def _refuse_unfilled(self, bucket: int, progress: Progress) -> None:
        if progress.behind:
            raise Rebuilding(progress.behind)
        if not progress.positions or progress.is_behind(self._committed(bucket % self._partitions)):
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


@contextmanager
def answering() -> Iterator[None]:
    """A store that does not answer is down."""
    try:
        yield
    except StoreUnavailable:
        raise StoreDown from None
