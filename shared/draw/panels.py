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

Named = tuple[list[bytes], bool]
"""Inspectors in the order in which they joined, and whether the limit of loads was lifted for one of them."""

_NOBODY = frozenset[bytes]()


class _Seats(NamedTuple):
    """Seats of a panel that are named alike: so many, from a list, by what its naming says between subject and k."""

    count: int
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
        panel: list[bytes] = []
        over_load = False
        for each in seats:
            named = self._join(subject, each, panel)
            if named is None:
                return None
            panel += named[0]
            over_load = over_load or named[1]
        self._load(panel)
        return panel, over_load

    def join(self, subject: bytes, region: bytes, entry: Entry, barred: Collection[bytes]) -> tuple[bytes, bool] | None:
        """Who takes one seat of an entry, whom it loads; None where nobody can. `barred` are no candidates."""
        named = self._join(subject, self._seats_of(Entry(entry.department, 1), region), barred)
        if named is None:
            return None
        self._load(named[0])
        return named[0][0], named[1]

    def _join(self, subject: bytes, seats: _Seats, barred: Collection[bytes]) -> Named | None:
        wanted, there, department = seats
        recused, gone, full = self._recusals.get(subject, _NOBODY), self.gone, self._full
        order, number, over_load = there.order, len(there.order), False
        # Mostly there are enough, even if all who are out were in the list and nobody was out twice.
        if number - there.full - len(barred) - len(gone) - len(recused) < wanted:
            out = there.among({*barred, *gone, *recused})
            free = number - len(out)
            if free < wanted:
                return None
            over_load = free - there.full + len(out & full) < wanted
        named: list[bytes] = []
        prefix, sha256 = self._naming + subject + department, hashlib.sha256
        for k in count():
            inspector = order[int.from_bytes(sha256(prefix + b"%d" % k).digest(), "big") % number]
            if (
                inspector not in barred
                and inspector not in recused
                and inspector not in gone
                and inspector not in named
                and (over_load or inspector not in full)
            ):
                named.append(inspector)
                if len(named) == wanted:
                    break
        return named, over_load

    def _seats_of(self, entry: Entry, region: bytes) -> _Seats:
        there = self._lists.of(entry.department, region)
        if there.full < 0:
            there.full = len(there.among(self._full))
        return _Seats(entry.count, there, b"\n%s\n" % entry.department.encode())

    def _load(self, inspectors: Collection[bytes]) -> None:
        if self._plan.max_load is None:
            return
        for inspector in inspectors:
            self._loads[inspector] += 1
            if self._loads[inspector] == self._plan.max_load:
                self._full.add(inspector)
                for each in self._lists.made():
                    if each.full >= 0 and inspector in each.members:
                        each.full += 1
