"""The reader of subjects over the real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from services.lookup.reading import Head, Rebuilding, StoreDown
from shared.credit.facts import Fact
from shared.eventlog.partitioner import bucket_of
from shared.store.client import StoreUnavailable
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping, Progress


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
        bucket = bucket_of(subject_id)
        with _store():
            # The instant first: whatever the log held until then is in a summary that is read after it. The progress
            # last: a store that was emptied or set back in between must not make a subject unknown, or a score old.
            applied_until = self._books.applied(bucket % self._partitions)
            version, summary = self._ledgers.read(subject_id)
            [progress] = self._books.progress([bucket])
        self._refuse_unfilled(bucket, progress)
        if applied_until is None:
            raise Rebuilding(None)
        if summary is None:
            return None
        return Head(summary, version.rulebooks, version.day, applied_until, failed="failed" in summary)

    def facts(self, subject_id: str) -> list[Fact]:
        bucket = bucket_of(subject_id)
        with _store():
            found = list(self._ledgers.load([subject_id])[subject_id].entries.values())
            [progress] = self._books.progress([bucket])
        self._refuse_unfilled(bucket, progress)  # after the facts: the store may have been emptied in between
        return found

    def _refuse_unfilled(self, bucket: int, progress: Progress) -> None:
        if progress.behind:
            raise Rebuilding(progress.behind)
        if not progress.positions or progress.is_behind(self._committed(bucket % self._partitions)):
            raise Rebuilding(None)


@contextmanager
def _store() -> Iterator[None]:
    try:
        yield
    except StoreUnavailable:
        raise StoreDown from None
