"""Who stands in which list, and the lists as documents (DRAW.md section 1). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from shared.draw.normalising import document

DRAWN_PENDING = "drawn-pending"
"""Why somebody is left out who was drawn before and is still to be inspected."""


class Eligible(NamedTuple):
    """Somebody who may be drawn."""

    id: str
    stratum: str
    region: str

    def line(self) -> str:
        """Its line in the pool."""
        return f"{self.id}\t{self.stratum}\t{self.region}"


class LeftOut(NamedTuple):
    """Somebody of the snapshot who may not be drawn, and why."""

    id: str
    code: str

    def line(self) -> str:
        """Its line among the excluded."""
        return f"{self.id}\t{self.code}"


Entry = Eligible | LeftOut


@dataclass(frozen=True, slots=True)
class Assembled:
    """Both documents; `strata` are all that such a pool can have, `sizes` those that it has.

    `handlers`: for cases who handled each, since they do not review their own 回避; `subjects`: against whom each is,
    since some may not review theirs.
    """

    pool: bytes
    excluded: bytes
    strata: tuple[str, ...]
    sizes: Mapping[str, int]
    handlers: Mapping[str, frozenset[str]]
    subjects: Mapping[str, str]


def assembled(
    entries: Iterable[Entry],
    strata: tuple[str, ...],
    handlers: Mapping[str, frozenset[str]] | None = None,
    subjects: Mapping[str, str] | None = None,
) -> Assembled:
    """The documents of entries that come in any order, each id once."""
    pool: list[str] = []
    excluded: list[str] = []
    sizes: Counter[str] = Counter()
    for entry in entries:
        if isinstance(entry, Eligible):
            pool.append(entry.line())
            sizes[entry.stratum] += 1
        else:
            excluded.append(entry.line())
    return Assembled(document(pool), document(excluded), strata, sizes, handlers or {}, subjects or {})
