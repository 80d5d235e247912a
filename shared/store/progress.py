"""How far the log is applied: positions of every bucket, rebuilds under way, and what has yet to go out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from shared.eventlog.port import Positions, TopicPartition
from shared.store.client import Call, Store
from shared.store.keys import Keys, field_of

Moves = Mapping[TopicPartition, tuple[int | None, int]]
"""Per topic partition: the position expected (None where there is none yet), and the new one."""


class Progress(NamedTuple):
    """How far a bucket is applied, and how far it must come before it may be read again."""

    positions: dict[str, int]
    rebuilding: dict[str, int]

    @property
    def behind(self) -> int:
        """Records that a rebuild has yet to apply."""
        return sum(max(0, end - self.positions.get(field, 0)) for field, end in self.rebuilding.items())


class Bookkeeping:
    """Reads and writes progress. Every method raises `StoreUnavailable` where the store cannot answer."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def progress(self, buckets: Sequence[int]) -> list[Progress]:
        """The progress of each bucket."""
        positions = self._store.pipelined(lambda pipe, bucket: pipe.hgetall(self._keys.positions(bucket)), buckets)
        rebuilding = self._store.pipelined(lambda pipe, bucket: pipe.hgetall(self._keys.rebuilding(bucket)), buckets)
        return [Progress(_offsets(here), _offsets(there)) for here, there in zip(positions, rebuilding, strict=True)]

    def advance(self, moves: Mapping[int, Moves]) -> bool:
        """Write new positions, a call per bucket; False where a bucket's old position was not what was expected."""
        calls = [
            Call(
                [self._keys.positions(bucket)],
                [
                    argument
                    for at, (old, new) in changes.items()
                    for argument in (field_of(at), "" if old is None else old, new)
                ],
            )
            for bucket, changes in moves.items()
        ]
        return all(self._store.run("advance", calls))

    def begin_rebuild(self, buckets: Sequence[int], ends: Positions) -> None:
        """Close buckets to readers until the given ends are applied."""
        targets = {field_of(at): end for at, end in ends.items()}
        self._store.pipelined(lambda pipe, bucket: pipe.hset(self._keys.rebuilding(bucket), mapping=targets), buckets)

    def end_rebuild(self, buckets: Sequence[int]) -> None:
        """Open buckets to readers again."""
        self._store.pipelined(lambda pipe, bucket: pipe.delete(self._keys.rebuilding(bucket)), buckets)

    def outbox(self, buckets: Sequence[int]) -> dict[int, dict[str, str]]:
        """What has yet to go out: by bucket, the subjects with the ids of their summaries."""
        answers = self._store.pipelined(lambda pipe, bucket: pipe.hgetall(self._keys.outbox(bucket)), buckets)
        return {
            bucket: {subject.decode(): id_.decode() for subject, id_ in entries.items()}
            for bucket, entries in zip(buckets, answers, strict=True)
            if entries
        }

    def put_out(self, bucket_entries: Mapping[int, Mapping[str, str]]) -> None:
        """Fill outboxes with subjects whose summaries must go out though nothing changed them."""
        self._store.pipelined(
            lambda pipe, item: pipe.hset(self._keys.outbox(item[0]), mapping=dict(item[1])),
            list(bucket_entries.items()),
        )

    def trim(self, gone: Mapping[int, Mapping[str, str]]) -> None:
        """Take out of the outboxes what has gone out."""
        calls = [
            Call([self._keys.outbox(bucket)], [argument for pair in entries.items() for argument in pair])
            for bucket, entries in gone.items()
        ]
        self._store.run("trim", calls)

    def summaries(self, bucket: int) -> dict[str, bytes]:
        """Every subject of a bucket with its summary as kept."""
        [answer] = self._store.pipelined(lambda pipe, _: pipe.hgetall(self._keys.summaries(bucket)), [bucket])
        return {subject.decode(): summary for subject, summary in answer.items()}

    def summaries_of(self, subjects: Mapping[int, Iterable[str]]) -> dict[str, bytes]:
        """The summaries of some subjects, given by bucket, as kept; those without one are left out."""
        items = [(bucket, list(names)) for bucket, names in subjects.items()]
        answers = self._store.pipelined(lambda pipe, item: pipe.hmget(self._keys.summaries(item[0]), item[1]), items)
        return {
            subject: summary
            for (_, names), found in zip(items, answers, strict=True)
            for subject, summary in zip(names, found, strict=True)
            if summary
        }

    def set_applied(self, partitions: Iterable[int], until: datetime) -> None:
        """Note until when everything on the log is applied."""
        text = until.isoformat()
        self._store.pipelined(lambda pipe, number: pipe.set(self._keys.applied(number), text), list(partitions))

    def applied(self, partition: int) -> datetime | None:
        """Until when everything on the log of a partition is applied; None before a worker came to it."""
        [answer] = self._store.pipelined(lambda pipe, number: pipe.get(self._keys.applied(number)), [partition])
        return datetime.fromisoformat(answer.decode()) if answer else None

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
        [(seconds, micros)] = self._store.pipelined(lambda pipe, _: pipe.time(), [None])
        return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros)


def _offsets(stored: Mapping[bytes, bytes]) -> dict[str, int]:
    return {field.decode(): int(offset) for field, offset in stored.items()}
