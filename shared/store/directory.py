"""Filing subjects in the directory: by county, under the facets they are found by (DESIGN.md section 4, directory)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from shared.store.client import Store, Value
from shared.store.directory_marks import OWN, Marks, Part
from shared.store.keys import Keys

_T = TypeVar("_T")
_AT_ONCE = 250
"""Subjects in one call of a script: the store serves nobody else meanwhile."""


class Row(NamedTuple):
    """A subject as the record at an offset says that it is to be filed; the facets are one or more."""

    subject_id: str
    offset: int
    county: str
    facets: frozenset[str]


class Place(NamedTuple):
    """Where a subject may be filed by now, and the offset of the record that says so."""

    offset: int = -1
    counties: frozenset[str] = frozenset()


class Directory:
    """Writes the directory. Every method raises `StoreUnavailable` where the store cannot answer.

    A subject may be in two counties for as long as it moves: whoever reads holds what is found against the subject's
    own summary.
    """

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        self._marks = Marks(store, keys)

    def claim(self, numbers: Collection[int]) -> None:
        """Forget what was known; take whole partitions over from whoever wrote them last."""
        self._marks.claim_all(numbers)

    def least(self, number: int) -> int:
        """Up to where the records of a partition are filed wherever they belong."""
        return min(self._marks.of(number).values())

    def greatest(self, number: int) -> int:
        """Up to where the records of a partition are filed somewhere."""
        return max(self._marks.of(number).values())

    def file(self, number: int, rows: Iterable[Row]) -> None:
        """File subjects of a partition by the records that were read of them, in their order. Raises `Displaced`.

        A subject that moves is noted in both counties, filed in the new one, taken out of the old one, and noted in the
        new one alone: whatever crashes, a note is left by which the next time ends it. What is older than the note is
        passed over: the record of the note is still to be read again, and is then filed in full.
        """
        given = {row.subject_id: row for row in rows}
        places = self._places(number, list(given))
        here = [row for row in given.values() if places[row.subject_id].offset <= row.offset]
        new = {row.county for row in here} - self._marks.of(number).keys()
        # Whatever lies before the partition's own mark was filed, and none of it in a county that is new to it.
        begun = self._marks.offset(Part(OWN, number)) if new else 0
        self._marks.claim({Part(county, number): begun for county in new})
        held = {row: places[row.subject_id].counties for row in here}
        self._note(number, {row: held[row] | {row.county} for row in here if row.county not in held[row]})
        self._put(number, [(row.county, row.subject_id, row.facets) for row in here])
        leaving = [(county, row.subject_id) for row in here for county in held[row] - {row.county}]
        self._put(number, [(*each, frozenset()) for each in leaving])
        self._note(number, {row: frozenset((row.county,)) for row in here})

    def advance(self, offsets: Mapping[int, int]) -> None:
        """Note up to where partitions are filed. Raises `Displaced`, also where the store of others was set back."""
        self._marks.advance(offsets)

    def set_levels(self, levels: Mapping[int, tuple[datetime, date]]) -> None:
        """Note what is filed of partitions: all that the log held until an instant, and a whole sweep."""
        self._store.pipelined(
            lambda pipe, item: pipe.hset(
                self._keys.level(item[0]),
                mapping={"until": item[1][0].isoformat(), "swept": item[1][1].isoformat()},
            ),
            list(levels.items()),
        )

    def _places(self, number: int, subjects: Sequence[str]) -> dict[str, Place]:
        key = self._keys.places(number)
        found = self._store.pipelined(lambda pipe, subject: pipe.hget(key, subject), subjects)
        return {subject: _place(stored) for subject, stored in zip(subjects, found, strict=True)}

    def _note(self, number: int, counties: Mapping[Row, frozenset[str]]) -> None:
        keys = [self._keys.places(number), self._keys.counties(number)]
        for rows in _chunks(list(counties)):
            named = sorted({county for row in rows for county in counties[row]})
            arguments: list[Value] = [len(named), *named]
            for row in rows:
                arguments += (row.subject_id, " ".join((str(row.offset), *sorted(counties[row]))))
            self._marks.run("directory_places", {Part(OWN, number): (keys, arguments)})

    def _put(self, number: int, items: Sequence[tuple[str, str, frozenset[str]]]) -> None:
        """File subjects (county, id, facets) or, without facets, take them out."""
        for some in _chunks(items):
            found = self._store.pipelined(lambda pipe, item: pipe.hget(self._keys.filed(item[0]), item[1]), some)
            changes: dict[str, list[Value]] = defaultdict(list)
            for (county, subject_id, facets), stored in zip(some, found, strict=True):
                before = frozenset(stored.decode().split("\n")) if stored else frozenset()
                if before != facets:
                    changes[county] += _change(subject_id, before, facets)
            calls = {
                Part(county, number): ([self._keys.filed(county), self._keys.entries(county)], arguments)
                for county, arguments in changes.items()
            }
            self._marks.run("directory_file", calls)


def _place(stored: bytes | None) -> Place:
    if stored is None:
        return Place()
    offset, *counties = stored.decode().split(" ")
    return Place(int(offset), frozenset(counties))


def _change(subject_id: str, before: frozenset[str], after: frozenset[str]) -> list[Value]:
    out, put = ([f"{facet} {subject_id}" for facet in sorted(facets)] for facets in (before - after, after - before))
    return [subject_id, "\n".join(sorted(after)), len(out), len(put), *out, *put]


def _chunks(items: Sequence[_T]) -> Iterable[Sequence[_T]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))
