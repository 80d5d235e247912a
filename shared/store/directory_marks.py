"""How far the directory is filed, part by part, and who writes it (DESIGN.md section 4, directory).

A partition's subjects lie in many counties, each in a slot of its own. So each county, and the slot with the places of
the partition's subjects, has a mark for the partition: up to where its records are filed there, and the stamp of the
last write, as the buckets have (`tenure.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from shared.store.client import Call, Store, Value
from shared.store.keys import Keys
from shared.store.tenure import Displaced, Tenure

OWN = ""
"""In the place of a county: the slot with the places of a partition's subjects."""


class Part(NamedTuple):
    """A county, or `OWN`, as far as it is that of a partition."""

    county: str
    number: int


class Marks:
    """The marks of one writer, as last read and written. Every method raises `StoreUnavailable`."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        self._tenure = Tenure()
        self._offsets: dict[Part, int] = {}

    def claim_all(self, numbers: Collection[int]) -> None:
        """Forget what was known; take whole partitions over from whoever wrote them last."""
        self._offsets = {}
        self.claim({Part(OWN, number): 0 for number in numbers})
        found = self._store.pipelined(lambda pipe, number: pipe.smembers(self._keys.counties(number)), list(numbers))
        # A county that is known and has no mark has lost it with all that was filed there: from the beginning again.
        self.claim({Part(each.decode(), n): 0 for n, here in zip(numbers, found, strict=True) for each in here})

    def claim(self, offsets: Mapping[Part, int]) -> None:
        """Take parts over; one without a mark gets the offset given."""
        stamps = {part: self._tenure.next() for part in offsets}
        groups = self._by_key(offsets)
        calls = [
            Call([key], [value for part in parts for value in (part.number, stamps[part], offsets[part])])
            for key, parts in groups.items()
        ]
        for parts, found in zip(groups.values(), self._store.run("directory_claim", calls), strict=True):
            self._offsets.update(zip(parts, found, strict=True))
        self._tenure.leave(stamps.items())

    def offset(self, part: Part) -> int:
        """Up to where a part is filed."""
        return self._offsets[part]

    def of(self, number: int) -> dict[str, int]:
        """Up to where the parts of a partition are filed: by county, and its own."""
        return {part.county: offset for part, offset in self._offsets.items() if part.number == number}

    def run(self, script: str, calls: Mapping[Part, tuple[Sequence[str], Sequence[Value]]]) -> None:
        """Write in parts by a script that moves their stamps on; keys and arguments follow mark and stamps.

        Raises `Displaced`, when some parts may have been written and others not.
        """
        stamps = {part: self._tenure.next() for part in calls}
        sent = [
            Call([self._key(part), *keys], [part.number, self._tenure.left(part), stamps[part], *arguments])
            for part, (keys, arguments) in calls.items()
        ]
        if not all(self._store.run(script, sent)):
            raise Displaced
        self._tenure.leave(stamps.items())

    def advance(self, offsets: Mapping[int, int]) -> None:
        """Move partitions on in all of their parts; what stays is looked at too. Raises `Displaced`."""
        moves = {part: offsets[part.number] for part, at in self._offsets.items() if at < offsets.get(part.number, 0)}
        stamps = {part: self._tenure.next() for part in moves}
        calls = [
            Call(
                [key], [v for part in parts for v in (part.number, self._tenure.left(part), stamps[part], moves[part])]
            )
            for key, parts in self._by_key(moves).items()
        ]
        if not all(self._store.run("directory_advance", calls)):
            raise Displaced
        self._tenure.leave(stamps.items())
        self._offsets |= moves
        self._look([part for part in self._offsets if part not in moves])

    def _look(self, parts: Sequence[Part]) -> None:
        """A store that is idle may be set back as well."""
        marks = self._store.pipelined(lambda pipe, part: pipe.hget(self._key(part), str(part.number)), parts)
        if marks != [f"{self._offsets[part]} {self._tenure.left(part)}".encode() for part in parts]:
            raise Displaced

    def _by_key(self, parts: Iterable[Part]) -> dict[str, list[Part]]:
        groups: dict[str, list[Part]] = defaultdict(list)
        for part in parts:
            groups[self._key(part)].append(part)
        return groups

    def _key(self, part: Part) -> str:
        return self._keys.marks(part.number, part.county)
