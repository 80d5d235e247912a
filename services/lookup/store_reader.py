"""The reader of subjects over the real store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from services.lookup.reading import Head
from shared.credit.facts import Fact
from shared.eventlog.partitioner import bucket_of
from shared.store.client import Store
from shared.store.filled import Filled, Rebuilding, believed
from shared.store.heads import Heads
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers, Version, parse_kept
from shared.store.progress import Bookkeeping

_REMEMBERED = 8_192
"""What the store gives of so many subjects is parsed once while it stays the same: 30 MB. It was a fifth of the time
of a look-up by the thousand."""


class StoreReader:
    """Reads what the scoring workers keep; `partitions` and `committed` are those of `Filled`."""

    def __init__(
        self, store: Store, keys: Keys, partitions: int, committed: Callable[[int], Mapping[str, int]]
    ) -> None:
        self._heads_of, self._ledgers = Heads(store, keys), Ledgers(store, keys)
        self._partitions = partitions
        self._filled = Filled(Bookkeeping(store, keys), partitions, committed)

    def head(self, subject_id: str) -> Head | None:
        return self.heads([subject_id]).get(subject_id)

    def heads(self, subjects: Sequence[str]) -> dict[str, Head]:
        return believed(lambda: self._heads(subjects))

    def facts(self, subject_id: str) -> list[Fact]:
        return believed(lambda: self._facts(subject_id))

    def _heads(self, subjects: Sequence[str]) -> dict[str, Head]:
        numbers = sorted({bucket_of(subject) % self._partitions for subject in subjects})
        # The instants first: whatever the log held until then is in a summary that is read after it. The progress
        # at the same time: a store that was emptied or set back must not make a subject unknown, or a score old.
        read = self._heads_of.read(subjects, numbers)
        self._filled.refuse(read.progress)
        until = {number: instant for number, instant in zip(numbers, read.applied, strict=True) if instant is not None}
        if len(until) < len(numbers):
            raise Rebuilding(None)
        return {
            subject_id: _head(kept, until[bucket_of(subject_id) % self._partitions])
            for subject_id, kept in read.subjects.items()
        }

    def _facts(self, subject_id: str) -> list[Fact]:
        bucket = bucket_of(subject_id)
        found = list(self._ledgers.load([subject_id])[subject_id].entries.values())
        self._filled.refuse_unfilled([bucket])
        return found


def _head(kept: bytes, until: datetime) -> Head:
    version, summary = _parsed(kept)
    return Head(summary, version.rulebooks, version.day, until, "failed" in summary, version.digest)


@lru_cache(_REMEMBERED)
def _parsed(kept: bytes) -> tuple[Version, dict[str, Any]]:
    """Whoever gets the summary leaves it as it is."""
    version, summary = parse_kept(kept)
    return version, orjson.loads(summary)
