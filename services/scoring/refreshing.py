"""Summaries that no longer hold though no fact came: recomputed in the background, behind live traffic.

A summary ends to be true on its due date, when a rulebook is published, or when code that failed on it is repaired.
Which ones these are follows from what stands beside them in the store (due date, number of rulebooks, day, code), so
nothing else is kept of the work: whoever owns a bucket looks, and goes on where the last owner stopped.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import islice
from typing import NamedTuple

import structlog

from services.scoring.folding import CODE
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping

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
        self._looked: Basis | None = None
        self._swept = True

    def start(self) -> None:
        """Other buckets may be owned now: look at all of them again."""
        self._pending.clear()
        self._looked = None

    def look(self, partitions: Collection[int], buckets: list[int], basis: Basis) -> None:
        """Find what is due; after a change of the day, the rulebooks or the owner, also what rests on others."""
        found = self._ledgers.due(buckets, basis.today.toordinal())
        if basis != self._looked:
            found |= {
                subject
                for subject, version in self._ledgers.versions(buckets).items()
                if version.rulebooks < basis.rulebooks or version.day > basis.today.toordinal()
            }
            found |= {subject for subject, code in self._ledgers.failed(buckets).items() if code != basis.code}
            self._looked, self._swept = basis, False
        if fresh := found - self._pending.keys():
            logger.info("refreshing", subjects=len(fresh))
            self._pending.update(dict.fromkeys(sorted(fresh)))
            self._swept = False
        if not self._pending and not self._swept:
            self._books.set_swept(partitions, basis.today)
            self._swept = True

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
