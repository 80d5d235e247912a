"""Reading the directory: which subjects of a county have all of some facets, and how far all of it is filed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from shared.store.client import Call, Store
from shared.store.directory_marks import OWN
from shared.store.keys import Keys

_STEPS = 5_000
"""Entries that one call looks at: the store serves nobody else meanwhile."""


class Level(NamedTuple):
    """How far a partition is filed, by the mark in its own slot and by those of its counties; None without a mark.

    All that the log held until `until` is in it, and a sweep for the day `swept`; None before that was first reached.
    """

    offset: int | None
    counties: frozenset[str]
    until: datetime | None
    swept: date | None


class Walk(NamedTuple):
    """Subjects of a county whose ids begin so, and that have all of the facets (one or more)."""

    county: str
    beginning: str
    facets: tuple[str, ...]


class DirectoryReader:
    """Every method raises `StoreUnavailable` where the store cannot answer. Nothing is written."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def levels(self, partitions: Sequence[int]) -> list[Level]:
        """How far partitions are filed."""
        keys = self._keys
        # The marks last: a store that was set back after the rest was read is known by them.
        levels = self._store.pipelined(lambda pipe, number: pipe.hgetall(keys.level(number)), partitions)
        counties = self._store.pipelined(lambda pipe, number: pipe.smembers(keys.counties(number)), partitions)
        marks = self._store.pipelined(lambda pipe, number: pipe.hget(keys.marks(number, OWN), str(number)), partitions)
        return [
            Level(
                _offset(mark),
                frozenset(county.decode() for county in here),
                datetime.fromisoformat(level[b"until"].decode()) if level else None,
                date.fromisoformat(level[b"swept"].decode()) if level else None,
            )
            for mark, here, level in zip(marks, counties, levels, strict=True)
        ]

    def offsets(self, counties: Sequence[str]) -> dict[str, dict[int, int]]:
        """Up to where the records of partitions are filed in counties."""
        answers = self._store.pipelined(lambda pipe, county: pipe.hgetall(self._keys.marks(0, county)), counties)
        return {
            county: {int(number): _offset(mark) or 0 for number, mark in marks.items()}
            for county, marks in zip(counties, answers, strict=True)
        }

    def find(self, walks: Sequence[Walk], after: str, most: int) -> list[str]:
        """The first subjects of all walks by id, from behind a subject on, each once."""
        found: set[str] = set()
        pending = [(walk, after, most) for walk in walks]
        while pending:
            answers = self._store.run("directory_walk", [self._call(*each) for each in pending])
            rest = []
            for (walk, _, wanted), (ids, on) in zip(pending, answers, strict=True):
                found.update(subject.decode() for subject in ids)
                if on:
                    rest.append((walk, on.decode(), wanted - len(ids)))
            pending = rest
        return sorted(found)[:most]

    def _call(self, walk: Walk, after: str, most: int) -> Call:
        start = ("(", after) if after >= walk.beginning else ("[", walk.beginning)
        return Call([self._keys.entries(walk.county)], [*start, walk.beginning, most, _STEPS, *walk.facets])


def _offset(mark: bytes | None) -> int | None:
    return int(mark.partition(b" ")[0]) if mark else None
