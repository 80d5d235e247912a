"""Who stands in which list, and the lists as documents (DRAW.md section 1). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Eligible(NamedTuple):
    """Somebody who may be drawn."""

    id: str
    stratum: str
    region: str

    def line(self) -> bytes:
        """Its line in the pool."""
        return f"{self.id}\t{self.stratum}\t{self.region}\n".encode()


class LeftOut(NamedTuple):
    """Somebody of the snapshot who may not be drawn, and why."""

    id: str
    code: str

    def line(self) -> bytes:
        """Its line among the excluded."""
        return f"{self.id}\t{self.code}\n".encode()


Entry = Eligible | LeftOut


@dataclass(frozen=True, slots=True)
class Assembled:
    """Both documents; `strata` are all that such a pool can have, `sizes` those that it has.

    `handlers`: for cases who handled each, since they do not review their own 回避.
    """

    pool: bytes
    excluded: bytes
    strata: tuple[str, ...]
    sizes: Mapping[str, int]
    handlers: Mapping[str, frozenset[str]]


def assembled(
    entries: Iterable[Entry], strata: tuple[str, ...], handlers: Mapping[str, frozenset[str]] | None = None
) -> Assembled:
    """The documents of entries that come in any order, each id once.

    What ends an id, a tab, sorts before all that an id may hold: so lines sort as their ids do.
    """
    pool: list[bytes] = []
    excluded: list[bytes] = []
    sizes: Counter[str] = Counter()
    for entry in entries:
        if isinstance(entry, Eligible):
            pool.append(entry.line())
            sizes[entry.stratum] += 1
        else:
            excluded.append(entry.line())
    return Assembled(b"".join(sorted(pool)), b"".join(sorted(excluded)), strata, sizes, handlers or {})
