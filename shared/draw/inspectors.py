"""Inspectors by department and county: the lists L that a panel is named from (DRAW.md section 4)."""

from __future__ import annotations

from collections.abc import Iterable

from shared.draw.documents import Roster, county
from shared.draw.plan import ANY


class List:
    """Inspectors in the roster's order. `full` is for who names panels: how many of them have all they may have."""

    __slots__ = ("full", "members", "order")

    def __init__(self, order: list[bytes]) -> None:
        self.order = order
        self.members = frozenset(order)
        self.full = -1  # not counted yet

    def __len__(self) -> int:
        return len(self.order)

    def among(self, inspectors: Iterable[bytes]) -> frozenset[bytes]:
        """Those of the inspectors who are in the list."""
        return self.members.intersection(inspectors)


class Lists:
    """All lists of a roster that are asked for, each made once."""

    def __init__(self, roster: Roster, inspector_region: str) -> None:
        """`inspector_region` is the plan's: any, same or other county than the subject's."""
        self._roster = roster
        self._region = inspector_region
        self._made: dict[tuple[str, bytes], List] = {}

    def of(self, department: str, region: bytes) -> List:
        """The inspectors of a department (`*`: any) who match a subject's region."""
        key = department, b"" if self._region == "any" else county(region)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = List(self._matching(*key))
        return found

    def made(self) -> Iterable[List]:
        """Every list that was asked for."""
        return self._made.values()

    def _matching(self, department: str, place: bytes) -> list[bytes]:
        wanted, roster = department.encode(), self._roster
        return [
            inspector
            for inspector, own, region in zip(roster.inspectors, roster.departments, roster.regions, strict=True)
            if (department == ANY or own == wanted)
            and (self._region == "any" or (county(region) == place) == (self._region == "same"))
        ]
