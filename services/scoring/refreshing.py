"""Summaries that no longer hold though no fact came: recomputed in the background, behind live traffic.

A summary ends to be true on its due date, when a rulebook is published, or when code that failed on it is repaired.
Which ones these are follows from what stands beside them in the store (due date, number of rulebooks, day, code), so
nothing else is kept of the work: whoever owns a bucket looks, and goes on where the last owner stopped.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from itertools import islice
from typing import NamedTuple

import structlog

from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping
from shared.version import CODE

logger = structlog.get_logger()


class Basis(NamedTuple):
    """What a summary is made by besides its facts."""

    today: date
    rulebooks: int
    code: str = CODE


class Refreshing:
    """The subjects that are to be recomputed. Raises `StoreUnavailable`."""

    def __init__(self, ledgers: Ledgers, bookkeeping: Bookkeeping) -> None:
        self._ledgers = ledgers
        self._books = bookkeeping
        self._pending: dict[str, None] = {}
        self._looked: dict[int, Basis] = {}
        self._swept = True
        self._true: tuple[list[int], date] | None = None

    def start(self) -> None:
        """Other buckets may be owned now: look at all of them again."""
        self._pending.clear()
        self._looked.clear()
        self._true = None

    def look(self, partitions: Mapping[int, list[int]], basis: Basis) -> None:
        """Find what is due in the buckets of partitions that readers may read.

        In a partition that was never looked at on this basis also what rests on another day, on fewer rulebooks, or on
        code that failed.
        """
        found = self._ledgers.due([b for buckets in partitions.values() for b in buckets], basis.today.toordinal())
        new = [number for number in partitions if self._looked.get(number) != basis]
        if new:
            buckets = [bucket for number in new for bucket in partitions[number]]
            found |= {
                subject
                for subject, version in self._ledgers.versions(buckets).items()
                if version.rulebooks < basis.rulebooks or version.day > basis.today.toordinal()
            }
            found |= {subject for subject, code in self._ledgers.failed(buckets).items() if code != basis.code}
            self._looked |= dict.fromkeys(new, basis)
            self._swept = False
        if fresh := found - self._pending.keys():
            logger.info("refreshing", subjects=len(fresh))
            self._pending.update(dict.fromkeys(sorted(fresh)))
            self._swept = False
        self._true = None if self._pending or self._swept else (list(partitions), basis.today)

    def keep(self) -> None:
        """Tell that all was looked at, now that nothing of it has yet to go out: who has read so far has all of it."""
        if self._true:
            self._books.set_swept(*self._true)
            self._swept, self._true = True, None

    def take(self, most: int) -> list[str]:
        """Some of the subjects to recompute; they stay pending until `done`."""
        return list(islice(self._pending, most))

    def done(self, subjects: Collection[str]) -> None:
        """These hold again."""
        for subject in subjects:
            self._pending.pop(subject, None)

    @property
    def left(self) -> int:
        """How many are still to be recomputed."""
        return len(self._pending)
