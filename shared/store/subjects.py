"""Going through every subject of the store with its facts. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.credit.facts import Fact
from shared.eventlog.partitioner import BUCKETS
from shared.store.client import Store
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping

_BUCKETS_AT_ONCE = 64
_SUBJECTS_AT_ONCE = 256


class NotReady(Exception):
    """The store does not hold what the log gives, so nothing can be said of all subjects; a sentence says why."""


class Subjects:
    """Every subject that a fact has named. Every method raises `StoreUnavailable` where the store cannot answer.

    It is no snapshot: what workers apply while it is read may be in it or not.
    """

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        self._ledgers = Ledgers(store, keys)
        self._books = Bookkeeping(store, keys)

    def applied_until(self, partitions: int) -> datetime:
        """Until when everything on the log is in the store. Raises `NotReady` while it is being filled.

        Ask before reading, and again after it: a store that was emptied in between is known by that.
        """
        applied = [self._books.applied(number) for number in range(partitions)]
        progress = self._books.progress(range(BUCKETS))
        if any(each.behind for each in progress):
            # A record is applied in every bucket of its partition; the one that is most behind speaks for all.
            behind = max(each.behind for each in progress)
            raise NotReady(f"the store is being rebuilt from the log; records still to come: {behind} or more")
        instants = [instant for instant in applied if instant is not None]
        if len(instants) < partitions or not all(each.positions for each in progress):
            raise NotReady("the scoring workers have not filled the store from the log yet")
        return min(instants)

    def count(self) -> int:
        """How many there are."""
        return sum(self._store.pipelined(lambda pipe, bucket: pipe.hlen(self._keys.heads(bucket)), range(BUCKETS)))

    def names(self) -> Iterator[list[str]]:
        """Their ids, some at a time, by bucket and then by id."""
        for start in range(0, BUCKETS, _BUCKETS_AT_ONCE):
            names = self.names_in(range(start, min(BUCKETS, start + _BUCKETS_AT_ONCE)))
            for first in range(0, len(names), _SUBJECTS_AT_ONCE):
                yield names[first : first + _SUBJECTS_AT_ONCE]

    def names_in(self, buckets: Sequence[int]) -> list[str]:
        """The ids of some buckets, by bucket and then by id."""
        answers = self._store.pipelined(lambda pipe, bucket: pipe.hkeys(self._keys.heads(bucket)), buckets)
        return [name.decode() for answer in answers for name in sorted(answer)]

    def facts(self, names: Sequence[str]) -> dict[str, list[Fact]]:
        """The facts of some subjects."""
        return {name: list(entries.values()) for name, entries in self._ledgers.entries(names).items()}
