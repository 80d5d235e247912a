"""Civil dates in Asia/Shanghai, and functions of them that change in steps (SCORING.md, units)."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import accumulate

parse_day = date.fromisoformat

_DECEMBER = 12


@lru_cache(maxsize=65536)
def add_months(day: date, months: int) -> date:
    """The day `months` later, clamped to the last day of its month (31 January + 1 = 28 or 29 February)."""
    years, month = divmod(day.month - 1 + months, _DECEMBER)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_january(day: date) -> date:
    """The next 1 January after the day itself, where a calendar-year cycle begins anew."""
    return date(day.year + 1, 1, 1)


class Steps:
    """A sum that changes on certain days: built once, read at any day in the logarithm of their number."""

    __slots__ = ("days", "sums")

    def __init__(self, changes: Iterable[tuple[date, int]]) -> None:
        by_day: dict[date, int] = defaultdict(int)
        for day, change in changes:
            by_day[day] += change
        self.days = sorted(by_day)
        self.sums = [0, *accumulate(by_day[day] for day in self.days)]

    def at(self, day: date) -> int:
        """The sum of all changes on or before the day."""
        return self.sums[bisect_right(self.days, day)]
