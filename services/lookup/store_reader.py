"""The reader of subjects over the real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from services.lookup.reading import Head, StoreDown
from shared.credit.facts import Fact
from shared.eventlog.partitioner import bucket_of
from shared.store.client import StoreUnavailable
from shared.store.filled import Filled, Rebuilding, believed
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping


class StoreReader:
    """Reads what the scoring workers keep; `partitions` and `committed` are those of `Filled`."""

    def __init__(
        self, ledgers: Ledgers, bookkeeping: Bookkeeping, partitions: int, committed: Callable[[int], Mapping[str, int]]
    ) -> None:
        self._ledgers = ledgers
        self._books = bookkeeping
        self._partitions = partitions
        self._filled = Filled(bookkeeping, partitions, committed)

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
            self._filled.refuse_unfilled(buckets)
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
            self._filled.refuse_unfilled([bucket])
        return found


@contextmanager
def answering() -> Iterator[None]:
    """A store that does not answer is down."""
    try:
        yield
    except StoreUnavailable:
        raise StoreDown from None
