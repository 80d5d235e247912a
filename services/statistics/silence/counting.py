"""How many objections were decided in time and how many were not, by district. Pure: whoever is silent is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from shared.credit.facts import Fact
from shared.credit.objections import Limits, clock, objections
from shared.registry.working_days import CalendarOf

_DISTRICT = 6


@dataclass(slots=True)
class Count:
    """Objections of a district. `limit_unknown` are those whose last day lies in a year without a calendar, and
    `marked_late` those whose mark 异议中 stood beside the item too late, decided or not.
    """

    filed: int = 0
    open_in_time: int = 0
    open_overdue: int = 0
    decided_in_time: int = 0
    decided_late: int = 0
    marked_late: int = 0
    limit_unknown: int = 0


def counted(
    everyone: Iterable[tuple[str, list[Fact]]], limits: Limits, calendars: CalendarOf, today: date
) -> list[dict[str, Any]]:
    """A row a district, by its code; what has no region is counted under null."""
    counts: dict[str, Count] = defaultdict(Count)
    for _, facts in everyone:
        for each in objections(facts):
            count = counts[(each.region or "")[:_DISTRICT]]
            count.filed += 1
            runs = clock(each, limits, calendars)
            late = runs.overdue(each, today)
            count.marked_late += runs.marked_late(each) or False
            if late is None:
                count.limit_unknown += 1
            elif each.decided_on is None:
                count.open_overdue += late
                count.open_in_time += not late
            else:
                count.decided_late += late
                count.decided_in_time += not late
    return [{"region": region or None, **asdict(counts[region])} for region in sorted(counts)]
