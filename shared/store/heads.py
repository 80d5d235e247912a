"""Subjects without their facts, with all that says whether they can be believed: read at one instant, in one journey.

A look-up is little more than its journeys to the store. On a cluster it takes two, and a call for each bucket.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from shared.eventlog.partitioner import bucket_of
from shared.store.client import Call, Store
from shared.store.keys import Keys
from shared.store.ledgers import Version, parse_version
from shared.store.progress import Progress, parse_offsets

_PARTS = 4
"""What is read of a bucket."""


class Read(NamedTuple):
    """What was read: by subject its version and its summary as kept, None where nothing is known of it; by bucket its
    progress; and of each partition asked for until when everything on the log is applied, None before it was.
    """

    subjects: Mapping[str, tuple[Version, bytes | None]]
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
            named += (keys.versions(bucket), keys.summaries(bucket), keys.positions(bucket), keys.rebuilding(bucket))
            arguments += (str(len(subjects)), *subjects)
        return Call([*named, *more], arguments)


def _parsed(
    groups: Sequence[tuple[int, list[str]]], answers: Sequence[Any]
) -> tuple[dict[str, tuple[Version, bytes | None]], dict[int, Progress]]:
    subjects: dict[str, tuple[Version, bytes | None]] = {}
    progress: dict[int, Progress] = {}
    seen: dict[tuple[bytes, ...], dict[str, int]] = {(): {}}
    """Most buckets of a partition stand at the same: a thousand subjects lie in six hundred buckets."""
    for place, (bucket, names) in enumerate(groups):
        versions, summaries, positions, rebuilding = answers[_PARTS * place : _PARTS * (place + 1)]
        subjects.update(zip(names, zip(map(parse_version, versions), summaries, strict=True), strict=True))
        progress[bucket] = Progress(_offsets(positions, seen), _offsets(rebuilding, seen))
    return subjects, progress


def _offsets(flat: Sequence[bytes], seen: dict[tuple[bytes, ...], dict[str, int]]) -> dict[str, int]:
    """A hash as a script gives it: fields and values in turn."""
    said = tuple(flat)
    found = seen.get(said)
    if found is None:
        found = seen[said] = parse_offsets(dict(zip(said[::2], said[1::2], strict=True)))
    return found
