"""Lists of inspectors, a page at a time, each of bounded work."""

from __future__ import annotations

from typing import NamedTuple

from services.draws.people.certified import department
from services.draws.people.filed import Entry
from services.draws.people.register import Register
from shared.registry.regions import prefix_of
from shared.web.access import UNBOUND
from shared.web.bounds import Bounds

_LOOKED_AT = 1_000
"""Entries that one page looks at, where few are found."""


class Wanted(NamedTuple):
    """What a list is asked for; somebody belongs in it for whom all that is given holds."""

    department: str | None = None
    region: str | None = None
    role: str | None = None
    status: str | None = None
    within: Bounds = UNBOUND

    def holds(self, entry: Entry) -> bool:
        """Whether an inspector belongs in the list."""
        said = entry.data
        return (
            self.department in (None, department(entry))
            and (self.region is None or said["region"].startswith(prefix_of(self.region)))
            and self.role in (None, said["role"])
            and self.status in (None, said["status"])
            and self.within.covers_region(said["region"])
        )


def listed(register: Register, wanted: Wanted, after: str, most: int) -> tuple[list[Entry], str | None]:
    """Inspectors behind an id, and the id behind which the next page begins; None where there is none."""
    ids = register.after(after, _LOOKED_AT)
    entries = register.of(ids)
    found: list[tuple[str, Entry]] = []
    for inspector_id in ids:
        entry = entries.get(inspector_id)
        if entry is None or not wanted.holds(entry):
            continue
        if len(found) == most:
            return [each for _, each in found], found[-1][0]
        found.append((inspector_id, entry))
    return [each for _, each in found], ids[-1] if len(ids) == _LOOKED_AT else None
