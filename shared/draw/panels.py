"""Panels 检查组: who inspects whom, named by the seed alone (DRAW.md section 4)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from itertools import count
from typing import NamedTuple

from shared.draw.documents import Recusals
from shared.draw.inspectors import List, Lists
from shared.draw.plan import Entry, Plan

Named = tuple[tuple[bytes, ...], bool]
"""Inspectors in the order in which they joined, and whether the limit of loads was lifted for one of them."""

_NOBODY = frozenset[bytes]()


class _Seats(NamedTuple):
    """Seats of a panel that are named alike: so many, from a list, by what its naming says between subject and k."""

    wanted: int
    there: List
    department: bytes


class Panels:
    """Fills panels one after another; loads only grow."""

    def __init__(self, seed: bytes, plan: Plan, lists: Lists, recusals: Recusals) -> None:
        self._naming = seed + b"inspector\n"
        self._plan, self._lists, self._recusals = plan, lists, recusals
        self._seats: dict[bytes, list[_Seats]] = {}
        self._loads: dict[bytes, int] = defaultdict(int)
        self._full: set[bytes] = set()
        self.gone: set[bytes] = set()
        """Inspectors who are no candidates any more."""

    def fill(self, subject: bytes, region: bytes) -> Named | None:
        """The panel of a subject, whose inspectors it loads; None, and nobody is loaded, where it cannot be filled."""
        seats = self._seats.get(region)
        if seats is None:
            seats = self._seats[region] = [self._seats_of(entry, region) for entry in self._plan.panel]
        out = self._out(subject)
        panel: list[bytes] = []
        over_load = False
        for each in seats:
            lifted = self._join(panel, subject, each, out)
            if lifted is None:
                return None
            over_load = over_load or lifted
        self._load(panel)
        return tuple(panel), over_load

    def join(self, subject: bytes, region: bytes, entry: Entry, barred: Collection[bytes]) -> tuple[bytes, bool] | None:
        """Who takes one seat of an entry, whom it loads; None where nobody can. `barred` are no candidates."""
        seats = self._seats_of(Entry(entry.department, 1), region)
        panel: list[bytes] = []
        lifted = self._join(panel, subject, seats, self._out(subject).union(barred))
        if lifted is None:
            return None
        self._load(panel)
        return panel[0], lifted

    def _out(self, subject: bytes) -> frozenset[bytes]:
        """Who is no candidate for a subject."""
        recused = self._recusals.get(subject, _NOBODY)
        return recused.union(self.gone) if self.gone else recused

    def _join(self, panel: list[bytes], subject: bytes, seats: _Seats, out: frozenset[bytes]) -> bool | None:
        """Fill seats of a panel: whether the limit of loads is lifted for them; None where too few can join, who are
        not out and not on the panel yet.
        """
        wanted, there, department = seats
        order, full, over_load = there.order, self._full, False
        number = len(order)
        # Mostly there are enough, even if all who cannot join were in the list, and nobody of them counted twice.
        if number - there.full - len(panel) - len(out) < wanted:
            taken = there.among(out.union(panel))
            free = number - len(taken)
            if free < wanted:
                return None
            over_load = free - there.full + len(taken & full) < wanted
        prefix, sha256 = self._naming + subject + department, hashlib.sha256
        for k in count():
            inspector = order[int.from_bytes(sha256(prefix + b"%d" % k).digest(), "big") % number]
            if inspector in panel or inspector in out or (inspector in full and not over_load):
                continue
            panel.append(inspector)
            if wanted == 1:
                break
            wanted -= 1
        return over_load

    def _seats_of(self, entry: Entry, region: bytes) -> _Seats:
        there = self._lists.of(entry.department, region)
        if there.full < 0:
            there.full = len(there.among(self._full))
        return _Seats(entry.count, there, b"\n%s\n" % entry.department.encode())

    def _load(self, inspectors: Collection[bytes]) -> None:
        most, loads = self._plan.max_load, self._loads
        if most is None:
            return
        for inspector in inspectors:
            loads[inspector] = load = loads[inspector] + 1
            if load == most:
                self._full.add(inspector)
                for each in self._lists.made():
                    if each.full >= 0 and inspector in each.members:
                        each.full += 1
