"""The frozen lists: pool, roster, recusals 回避 and excluded, as columns of bytes (DRAW.md section 1).

A pool may have a million lines. So each list is judged by a few operations over whole columns; only where one fails is
it read line by line, to say where and what.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from operator import lt

from shared.draw.checks import Refused

Column = tuple[bytes, ...]

_CONTROL = re.compile(b"[\x00-\x08\x0b-\x1f\x7f]|\xef\xbb\xbf")
_INNER = bytes({*range(256)} - {*range(0x20), 0x7F})
"""Bytes that are no control characters and end no field."""
_REGION = re.compile(rb"[0-9]{4}(?:[0-9]{2}(?:[0-9]{3}(?:[0-9]{3})?)?)?")
_COUNTY = 6
"""The first digits of a region that name its county 县区."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Eligible subjects in ascending order of their ids, with stratum and region."""

    subjects: Column
    strata: Column
    regions: Column

    def place(self, subject: bytes) -> int | None:
        """Where a subject stands, from 0; None where it is not in the pool."""
        place = bisect_left(self.subjects, subject)
        return place if self.subjects[place : place + 1] == (subject,) else None


@dataclass(frozen=True, slots=True)
class Roster:
    """Available inspectors in ascending order of their ids, with department and region."""

    inspectors: Column
    departments: Column
    regions: Column


Recusals = Mapping[bytes, frozenset[bytes]]
"""Inspectors who may not inspect a subject, by subject."""


def county(region: bytes) -> bytes:
    """Where a region lies, as far as matching inspectors goes (section 4)."""
    return region[:_COUNTY]


def parse_pool(data: bytes) -> Pool:
    """The pool out of its bytes. Raises `Refused` with `pool-form`."""
    return Pool(*_located(data, "pool-form"))


def parse_roster(data: bytes) -> Roster:
    """The roster out of its bytes. Raises `Refused` with `roster-form`."""
    roster = Roster(*_located(data, "roster-form"))
    if b"*" in roster.departments:
        raise Refused("roster-form", f"line {roster.departments.index(b'*') + 1}: no department is *")
    return roster


def parse_recusals(data: bytes) -> Recusals:
    """The recusals out of their bytes. Raises `Refused` with `recusals-form`."""
    found: dict[bytes, set[bytes]] = defaultdict(set)
    for inspector, subject in zip(*_pairs(data, "recusals-form"), strict=True):
        found[subject].add(inspector)
    return {subject: frozenset(inspectors) for subject, inspectors in found.items()}


def parse_excluded(data: bytes, pool: Pool) -> Mapping[str, int]:
    """How many subjects are left out, by code. Raises `Refused` with `excluded-form`, also where one is in the pool."""
    subjects, codes = _pairs(data, "excluded-form")
    # Of ids that stand twice the lines are neighbours: what ends an id sorts before whatever may go on with it.
    if not _ascending(subjects):
        line = next(n for n, (one, two) in enumerate(pairwise(subjects), 2) if one == two)
        raise Refused("excluded-form", f"line {line}: the subject stands twice")
    if both := set(subjects).intersection(pool.subjects) if subjects else None:
        raise Refused("excluded-form", f"{min(both).decode()} is in the pool")
    return {code.decode(): number for code, number in sorted(Counter(codes).items())}


def _located(data: bytes, check: str) -> Sequence[Column]:
    """The columns of a list with a region in the end."""
    if columns := _columns(data, 3, check):
        ids, names, regions = columns
        # No region is empty, and of ids that ascend the first at most.
        full = b"" not in names and b"" not in ids[:1]
        if full and all(map(_REGION.fullmatch, set(regions))) and _ascending(ids):
            return columns
    return _refuse(data, 3, check)


def _pairs(data: bytes, check: str) -> Sequence[Column]:
    """The columns of a list of two, sorted by the whole line."""
    columns = _columns(data, 2, check)
    good = columns and not any(b"" in column for column in columns) and _ascending(data.split(b"\n")[:-1])
    return columns if good else _refuse(data, 2, check)


def _columns(data: bytes, width: int, check: str) -> list[Column]:
    """The columns; [] where some line has not so many fields."""
    ends = data.translate(None, _INNER)
    good = ends == (b"\t" * (width - 1) + b"\n") * data.count(b"\n")
    if not good or not data.isascii():
        _refuse_text(data, check)
    if not good:
        return []
    fields = data.replace(b"\n", b"\t").split(b"\t")
    return [] if fields.pop() else [tuple(fields[start::width]) for start in range(width)]


def _refuse_text(data: bytes, check: str) -> None:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Refused(check, f"is not UTF-8 at byte {error.start}") from None
    if found := _CONTROL.search(data):
        line = data.count(b"\n", 0, found.start()) + 1
        raise Refused(check, f"line {line}: has a control character (U+{ord(found[0].decode()):04X})")
    if not unicodedata.is_normalized("NFC", text):
        raise Refused(check, "is not in Unicode's form NFC")


def _ascending(column: Sequence[bytes]) -> bool:
    return all(map(lt, column, islice(column, 1, None)))


def _refuse(data: bytes, width: int, check: str) -> Sequence[Column]:
    raise Refused(check, next(_faults(data, width)))


def _faults(data: bytes, width: int) -> Iterator[str]:
    """What is wrong, line by line."""
    *lines, rest = data.split(b"\n")
    before = b""
    for number, line in enumerate(lines, 1):
        fields = line.split(b"\t")
        key = fields[0] if width == 3 else line  # noqa: PLR2004
        if len(fields) != width:
            yield f"line {number}: must have {width} fields with a tab between them, not {len(fields)}"
        elif b"" in fields:
            yield f"line {number}: field {fields.index(b'') + 1} must not be empty"
        elif width == 3 and not _REGION.fullmatch(fields[2]):  # noqa: PLR2004
            yield f"line {number}: the region must have 4, 6, 9 or 12 digits"
        elif key <= before:
            yield f"line {number}: must come {'once' if key == before else 'before the line above'} (by UTF-8 bytes)"
        before = key
    if rest:
        yield "the last line must end in LF"
