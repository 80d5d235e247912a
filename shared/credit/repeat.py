"""Repeats (再犯): how many other cases and inspections weigh on an item (SCORING.md 3.4), in n log n."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from heapq import heappop, heappush

from shared.credit.periods import add_months
from shared.credit.rulebook import Versions


class Repeats:
    """The items of one ledger seen so far, in the order (occurred_on, reference, index) in which they must come.

    Each version may look back another number of months, so each code keeps one queue for each such number. In it an
    item lives until its window closes or until it is repaired, whichever comes first.
    """

    def __init__(self, versions: Versions) -> None:
        self._windows = versions.repeat_windows
        self._queues: dict[tuple[str, int], list[tuple[date, str]]] = defaultdict(list)
        self._alive: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)

    def count(self, code: str, within_months: int, occurred_on: date, reference: str) -> int:
        """n: 1 + the number of other references that weigh on an item."""
        key = code, within_months
        queue, alive = self._queues[key], self._alive[key]
        while queue and queue[0][0] <= occurred_on:
            _, gone = heappop(queue)
            if left := alive.pop(gone) - 1:
                alive[gone] = left
        return 1 + len(alive) - (reference in alive)

    def add(self, code: str, occurred_on: date, reference: str, repaired_on: date | None) -> None:
        """Remember an item that is neither revoked, absorbed nor unscored."""
        for within_months in self._windows.get(code, ()):
            until = add_months(occurred_on, within_months)
            if repaired_on is not None:
                until = min(until, repaired_on)
            key = code, within_months
            heappush(self._queues[key], (until, reference))
            alive = self._alive[key]
            alive[reference] = alive.get(reference, 0) + 1
