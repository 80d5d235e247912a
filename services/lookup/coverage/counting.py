"""What data there is, counted by county 县区 and sort of fact. Pure.

A score rests on what organs have sent: whoever reads that a shop has no case has to know whether anybody in its county
sends cases at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.clock import day_of
from shared.credit.dossiers import kind_of
from shared.credit.facts import Fact, parse_instant
from shared.credit.summary import registration
from shared.registry.regions import name_of

_COUNTY = 6
UNKNOWN = ""
"""The county of what has no region, and whose subject is not registered."""


@dataclass(slots=True)
class Sort:
    """Facts of a type: how many, from which day to which they happened, and when the last was recorded."""

    facts: int = 0
    first_on: str = "9999-12-31"
    last_on: str = ""
    recorded_until: datetime | None = None

    def add(self, on: str, recorded: datetime) -> None:
        """One more."""
        self.facts += 1
        self.first_on, self.last_on = min(self.first_on, on), max(self.last_on, on)
        self.recorded_until = max(self.recorded_until or recorded, recorded)


@dataclass(slots=True)
class County:
    """What there is of a county: registered subjects by kind, facts by type."""

    subjects: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sorts: dict[str, Sort] = field(default_factory=lambda: defaultdict(Sort))


def counted(everyone: Iterable[tuple[str, Iterable[Fact]]], types: Iterable[str]) -> list[dict[str, Any]]:
    """A row a county, by its code; `missing` are those of `types` of which it has nothing."""
    counties: dict[str, County] = defaultdict(County)
    for subject_id, given in everyone:
        facts = list(given)
        home = (registration(facts) or {}).get("region")
        if home is not None:
            counties[home[:_COUNTY]].subjects[kind_of(subject_id)] += 1
        for fact in facts:
            region = fact.data.get("region") or home or UNKNOWN
            on = day_of(parse_instant(fact.time)).isoformat()
            counties[region[:_COUNTY]].sorts[fact.type].add(on, fact.recorded_at)
    wanted = sorted(types)
    return [_row(code, counties[code], wanted) for code in sorted(counties)]


def _row(code: str, county: County, types: list[str]) -> dict[str, Any]:
    found = [
        {
            "type": name,
            "facts": each.facts,
            "first_on": each.first_on,
            "last_on": each.last_on,
            "recorded_until": each.recorded_until,
        }
        for name, each in sorted(county.sorts.items())
    ]
    return {
        "region": code or None,
        "name": name_of(code) if code else None,
        "subjects": dict(sorted(county.subjects.items())),
        "types": found,
        "missing": [name for name in types if name not in county.sorts],
    }
