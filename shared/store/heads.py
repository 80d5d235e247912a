"""Subjects without their facts, with all that says whether they can be believed: read at one instant, in one journey.

A look-up is little more than its journeys to the store. On a cluster it takes two, and a call for each bucket.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from shared.eventlog.partitioner import bucket_of
from shared.store.client import Call, Store
from shared.store.keys import Keys
from shared.store.progress import Progress, parse_progress

_PARTS = 2
"""What is read of a bucket."""


class Read(NamedTuple):
    """What was read: of subjects that something is known of what is kept, which `parse_kept` reads; by bucket its
    progress; and of each partition asked for until when everything on the log is applied, None before it was.
    """

    subjects: Mapping[str, bytes]
    progress: Mapping[int, Progress]
    applied: Sequence[datetime | None]


class Heads:
    """Reads subjects. Raises `StoreUnavailable`."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store, self._keys = store, keys

    def read(self, subjects: Sequence[str], partitions: Sequence[int]) -> Read:
        """Read some subjects, and how far some partitions are applied, at that time or before."""
        by_bucket: dict[int, list[str]] = {}
        for subject in dict.fromkeys(subjects):
            by_bucket.setdefault(bucket_of(subject), []).append(subject)
        groups, applied = list(by_bucket.items()), [self._keys.applied(number) for number in partitions]
        if self._store.is_cluster:
            said = self._store.pipelined(lambda pipe, key: pipe.get(key), applied)
            found = self._store.run("heads", [self._call([group], []) for group in groups])
            answers = [part for answer in found for part in answer]
        else:
            [answers] = self._store.run("heads", [self._call(groups, applied)])
            said = answers[_PARTS * len(groups) :]
        return Read(
            *_parsed(groups, answers), [datetime.fromisoformat(each.decode()) if each else None for each in said]
        )

    def _call(self, groups: Sequence[tuple[int, list[str]]], more: Sequence[str]) -> Call:
        keys, arguments = self._keys, [str(len(groups))]
        named: list[str] = []
        for bucket, subjects in groups:
            named += (keys.heads(bucket), keys.progress(bucket))
            arguments += (str(len(subjects)), *subjects)
        return Call([*named, *more], arguments)


def _parsed(
    groups: Sequence[tuple[int, list[str]]], answers: Sequence[Any]
) -> tuple[dict[str, bytes], dict[int, Progress]]:
    subjects: dict[str, bytes] = {}
    progress: dict[int, Progress] = {}
    parsed = cache(parse_progress)  # most buckets of a partition stand at the same: of a thousand subjects, six hundred
    for place, (bucket, names) in enumerate(groups):
        heads, said = answers[_PARTS * place : _PARTS * (place + 1)]
        subjects.update((name, kept) for name, kept in zip(names, heads, strict=True) if kept)
        progress[bucket] = parsed(said)
    return subjects, progress
