"""How far the log is applied: positions of every bucket, rebuilds under way, and what has yet to go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import orjson

from shared.store.client import Call, Store, Value
from shared.store.keys import Keys
from shared.store.ledgers import parse_kept
from shared.store.tenure import Displaced, Tenure


class Progress(NamedTuple):
    """How far a bucket is applied, and how far it must come before it may be read again: offsets by `field_of`."""

    positions: Mapping[str, int]
    rebuilding: Mapping[str, int]

    @property
    def behind(self) -> int:
        """Records that a rebuild has yet to apply."""
        return sum(max(0, end - self.positions.get(field, 0)) for field, end in self.rebuilding.items())

    def is_behind(self, offsets: Mapping[str, int]) -> bool:
        """Whether a position is less than the offset given for its field."""
        return any(self.positions.get(field, 0) < offset for field, offset in offsets.items())


class OtherPartitions(Exception):
    """The store was filled from topics with another number of partitions: its positions say nothing of these."""


class Bookkeeping:
    """Reads and writes progress. Every method raises `StoreUnavailable` where the store cannot answer."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def progress(self, buckets: Sequence[int]) -> list[Progress]:
        """The progress of each bucket."""
        kept = self._store.pipelined(lambda pipe, bucket: pipe.get(self._keys.progress(bucket)), buckets)
        return list(map(parse_progress, kept))

    def refuse_other(self, partitions: int) -> None:
        """Note in a new store the number of partitions of the subject topics. Raises `OtherPartitions` for another."""
        key = self._keys.partitions()
        self._store.pipelined(lambda pipe, number: pipe.set(key, number, nx=True), [partitions])
        [made] = self._store.pipelined(lambda pipe, _: pipe.get(key), [partitions])
        if int(made) != partitions:
            raise OtherPartitions(f"it was filled from topics of {int(made)} partitions, not of {partitions}")

    def claim(self, buckets: Sequence[int], tenure: Tenure) -> list[Progress]:
        """Take buckets over from whoever wrote them last; how far each of them is."""
        stamps = [(bucket, tenure.next()) for bucket in buckets]
        keys = self._keys
        calls = [Call([keys.stamp(bucket), keys.progress(bucket)], [stamp]) for bucket, stamp in stamps]
        answers = self._store.run("claim", calls)
        tenure.leave(stamps)
        return list(map(parse_progress, answers))

    def holds(self, buckets: Sequence[int], tenure: Tenure) -> bool:
        """Whether every bucket still is as this writer left it."""
        stamps = self._store.pipelined(lambda pipe, bucket: pipe.get(self._keys.stamp(bucket)), buckets)
        return all(found == tenure.left(bucket).encode() for bucket, found in zip(buckets, stamps, strict=True))

    def advance(self, to: Mapping[int, Progress], tenure: Tenure) -> None:
        """Write the whole progress of buckets, a call for each. Raises `Displaced`."""
        self._stamped("advance", self._keys.progress, {b: [orjson.dumps(p._asdict())] for b, p in to.items()}, tenure)

    def _stamped(
        self, script: str, key: Callable[[int], str], arguments: Mapping[int, Sequence[Value]], tenure: Tenure
    ) -> None:
        stamps = [(bucket, tenure.next()) for bucket in arguments]
        calls = [
            Call([self._keys.stamp(bucket), key(bucket)], [tenure.left(bucket), stamp, *arguments[bucket]])
            for bucket, stamp in stamps
        ]
        if not all(self._store.run(script, calls)):
            raise Displaced
        tenure.leave(stamps)

    def outbox(self, buckets: Sequence[int]) -> dict[int, dict[str, str]]:
        """What has yet to go out: by bucket, the subjects with the stamps of the writes that say so."""
        answers = self._store.pipelined(lambda pipe, bucket: pipe.hgetall(self._keys.outbox(bucket)), buckets)
        return {
            bucket: {subject.decode(): stamp.decode() for subject, stamp in entries.items()}
            for bucket, entries in zip(buckets, answers, strict=True)
            if entries
        }

    def put_out(self, subjects: Mapping[int, Sequence[str]], tenure: Tenure) -> None:
        """Fill outboxes, by bucket, with subjects whose summaries must go out though nothing changed them.

        Raises `Displaced`.
        """
        self._stamped("put_out", self._keys.outbox, subjects, tenure)

    def trim(self, gone: Mapping[int, Mapping[str, str]]) -> None:
        """Take out of the outboxes what has gone out."""
        calls = [
            Call([self._keys.outbox(bucket)], [argument for pair in entries.items() for argument in pair])
            for bucket, entries in gone.items()
        ]
        self._store.run("trim", calls)

    def summaries(self, bucket: int) -> dict[str, bytes]:
        """Every subject of a bucket with its summary as kept."""
        [answer] = self._store.pipelined(lambda pipe, _: pipe.hgetall(self._keys.heads(bucket)), [bucket])
        return {subject.decode(): parse_kept(kept).summary for subject, kept in answer.items()}

    def summaries_of(self, subjects: Mapping[int, Iterable[str]]) -> dict[str, bytes]:
        """The summaries of some subjects, given by bucket, as kept; those without one are left out."""
        items = [(bucket, list(names)) for bucket, names in subjects.items()]
        answers = self._store.pipelined(lambda pipe, item: pipe.hmget(self._keys.heads(item[0]), item[1]), items)
        return {
            subject: parse_kept(kept).summary
            for (_, names), found in zip(items, answers, strict=True)
            for subject, kept in zip(names, found, strict=True)
            if kept
        }

    def set_applied(self, partitions: Iterable[int], until: datetime) -> None:
        """Note until when everything on the log is applied."""
        text = until.isoformat()
        self._store.pipelined(lambda pipe, number: pipe.set(self._keys.applied(number), text), list(partitions))

    def applied(self, partition: int) -> datetime | None:
        """Until when everything on the log of a partition is applied; None before a worker came to it."""
        return self.applied_each([partition])[0]

    def applied_each(self, partitions: Sequence[int]) -> list[datetime | None]:
        """The same of several partitions."""
        answers = self._store.pipelined(lambda pipe, number: pipe.get(self._keys.applied(number)), partitions)
        return [datetime.fromisoformat(answer.decode()) if answer else None for answer in answers]

    def set_swept(self, partitions: Iterable[int], day: date) -> None:
        """Note that every summary was true for a day when it was looked at."""
        text = day.isoformat()
        self._store.pipelined(lambda pipe, number: pipe.set(self._keys.swept(number), text), list(partitions))

    def swept(self, partitions: Sequence[int]) -> list[date | None]:
        """The day of the last whole sweep of each partition; None before the first."""
        answers = self._store.pipelined(lambda pipe, number: pipe.get(self._keys.swept(number)), partitions)
        return [date.fromisoformat(answer.decode()) if answer else None for answer in answers]

    def clock(self) -> datetime:
        """What the store's own clock says."""
        seconds, micros = self._store.time()
        return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros)


def parse_progress(kept: bytes | None) -> Progress:
    """The progress of a bucket, as it is kept."""
    return Progress(**orjson.loads(kept)) if kept else Progress({}, {})
