"""What came of a draw's inspections, counted: of whom it is expected, and of how many it is there. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple


class Outcomes(NamedTuple):
    """Of how many subjects an outcome is expected, and of how many it has come."""

    expected: int
    come: int

    @property
    def missing(self) -> int:
        """Of how many none is known."""
        return self.expected - self.come


def outcomes_of(standing: Collection[str], inspected: Collection[str]) -> Outcomes:
    """How many outcomes of those who are to be inspected have come; others do not count."""
    return Outcomes(len(standing), len(set(standing).intersection(inspected)))


def standing(selected: Iterable[str], records: Iterable[Mapping[str, Any]]) -> set[str]:
    """Who is to be inspected after all replacements: who was replaced by nobody stays (DRAW.md section 5)."""
    found = set(selected)
    for record in records:
        if next_one := record.get("selected"):
            found.discard(record["replaces"])
            found.add(next_one["subject_id"])
    return found
