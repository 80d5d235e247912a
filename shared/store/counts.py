"""How much of what the store keeps waits, failed, or is late: numbers alone, no subject is named or loaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from shared.eventlog.partitioner import BUCKETS
from shared.store.client import Call, Store
from shared.store.entries import instant
from shared.store.keys import Keys
from shared.store.progress import Bookkeeping, Progress


class Counts(NamedTuple):
    """What is there now, of all buckets together.

    `behind` is the number of records that rebuilds have yet to apply in the `rebuilding` buckets. `swept` is the day
    for which every summary was true when looked at, `applied_until` the instant until which all that is on the log is
    applied; both are those of the partition that is most behind, and None before a worker came to every one.
    `outbox_since` is when the subject that waits longest in an outbox changed last, None where none waits.
    """

    subjects: int
    failed: int
    outbox: int
    due: int
    rebuilding: int
    behind: int
    swept: date | None
    applied_until: datetime | None
    outbox_since: datetime | None

    def late_days(self, today: date) -> int | None:
        """For how many days some summaries may not have been looked at; None before the first sweep."""
        return max(0, (today - self.swept).days) if self.swept else None

    def outbox_age(self, now: datetime) -> float:
        """Seconds for which the oldest change has yet to go out; 0 where none has."""
        return max(0.0, (now - self.outbox_since).total_seconds()) if self.outbox_since else 0.0


class Counting:
    """Every method raises `StoreUnavailable` where the store cannot answer."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        self._books = Bookkeeping(store, keys)

    def counts(self, partitions: int, today: date) -> Counts:
        """`partitions` is the number of the subject-keyed topics' partitions."""
        keys, day = self._keys, today.toordinal()
        progress = self._books.progress(range(BUCKETS))
        swept = self._books.swept(range(partitions))
        applied = [self._books.applied(number) for number in range(partitions)]
        return Counts(
            subjects=self._sum(lambda pipe, bucket: pipe.hlen(keys.heads(bucket))),
            failed=self._sum(lambda pipe, bucket: pipe.hlen(keys.failed(bucket))),
            outbox=self._sum(lambda pipe, bucket: pipe.hlen(keys.outbox(bucket))),
            due=self._sum(lambda pipe, bucket: pipe.zcount(keys.due(bucket), "-inf", day)),
            rebuilding=sum(bool(each.rebuilding) for each in progress),
            behind=_behind(progress, partitions),
            swept=min((each for each in swept if each), default=None) if all(swept) else None,
            applied_until=min((each for each in applied if each), default=None) if all(applied) else None,
            outbox_since=self._outbox_since(),
        )

    def outdated(self, rulebooks: int) -> int:
        """How many summaries rest on fewer rulebooks than these."""
        calls = [Call([self._keys.heads(bucket)], [rulebooks]) for bucket in range(BUCKETS)]
        return sum(self._store.run("outdated", calls))

    def _outbox_since(self) -> datetime | None:
        made = self._store.run("outbox_since", [Call([self._keys.outbox(bucket)], []) for bucket in range(BUCKETS)])
        return min(map(instant, filter(None, made)), default=None)

    def _sum(self, ask: Any) -> int:
        return sum(self._store.pipelined(ask, range(BUCKETS)))


def _behind(progress: Sequence[Progress], partitions: int) -> int:
    """A record is applied in every bucket of its partition: the one that is most behind speaks for all of them."""
    most: dict[int, int] = defaultdict(int)
    for bucket, each in enumerate(progress):
        number = bucket % partitions
        most[number] = max(most[number], each.behind)
    return sum(most.values())
