"""Panels 检查组: who inspects whom, named by the seed alone (DRAW.md section 4)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from itertools import count

from shared.draw.documents import Recusals
from shared.draw.inspectors import List, Lists
from shared.draw.plan import Entry, Plan

Named = tuple[list[bytes], bool]
"""Inspectors in the order in which they joined, and whether the limit of loads was lifted for one of them."""

_NOBODY = frozenset[bytes]()


class Panels:
    """Fills panels one after another; loads only grow."""

    def __init__(self, seed: bytes, plan: Plan, lists: Lists, recusals: Recusals) -> None:
        self._naming = seed + b"inspector\n"
        self._plan, self._lists, self._recusals = plan, lists, recusals
        self._loads: dict[bytes, int] = defaultdict(int)
        self._full: set[bytes] = set()
        self.gone: set[bytes] = set()
        """Inspectors who are no candidates any more."""

    def fill(self, subject: bytes, region: bytes) -> Named | None:
        """The panel of a subject, whose inspectors it loads; None, and nobody is loaded, where it cannot be filled."""
        panel: list[bytes] = []
        over_load = False
        for entry in self._plan.panel:
            named = self._join(subject, region, entry, panel)
            if named is None:
                return None
            panel += named[0]
            over_load = over_load or named[1]
        self._load(panel)
        return panel, over_load

    def join(self, subject: bytes, region: bytes, entry: Entry, barred: Collection[bytes]) -> tuple[bytes, bool] | None:
        """Who takes one seat of an entry, whom it loads; None where nobody can. `barred` are no candidates."""
        named = self._join(subject, region, Entry(entry.department, 1), barred)
        if named is None:
            return None
        self._load(named[0])
        return named[0][0], named[1]

    def _join(self, subject: bytes, region: bytes, entry: Entry, barred: Collection[bytes]) -> Named | None:
        there = self._of(entry, region)
        recused = self._recusals.get(subject, ())
        out = there.among({*barred, *self.gone, *recused}) if barred or self.gone or recused else _NOBODY
        free = len(there) - len(out)
        if free < entry.count:
            return None
        over_load = there.full > 0 and free - there.full + len(out & self._full) < entry.count
        taken = set(out) if over_load or not there.full else self._full | out
        named: list[bytes] = []
        prefix = b"%s%s\n%s\n" % (self._naming, subject, entry.department.encode())
        order, number, sha256 = there.order, len(there), hashlib.sha256
        for k in count():
            inspector = order[int.from_bytes(sha256(b"%s%d" % (prefix, k)).digest(), "big") % number]
            if inspector not in taken:
                named.append(inspector)
                if len(named) == entry.count:
                    break
                taken.add(inspector)
        return named, over_load

    def _of(self, entry: Entry, region: bytes) -> List:
        there = self._lists.of(entry.department, region)
        if there.full < 0:
            there.full = len(there.among(self._full))
        return there

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
