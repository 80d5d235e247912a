"""The draw itself: tickets, selection, panels, and the result's bytes (DRAW.md section 4)."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Any, NamedTuple

from shared.draw.canonical import write
from shared.draw.checks import PROTOCOL
from shared.draw.frozen import Frozen
from shared.draw.panels import Panels

Ticket = tuple[bytes, bytes, int]
"""A subject's ticket, the subject, and its place in the pool: sorts as (ticket, subject) does."""

_TICKET = 32
_ABOVE_ALL = b"\xff" * (_TICKET + 1)


class Selected(NamedTuple):
    """A subject that is inspected, and by whom."""

    subject: bytes
    ticket: bytes
    stratum: bytes
    rank: int
    inspectors: tuple[bytes, ...]
    over_load: bool

    def document(self) -> dict[str, Any]:
        """As the result has it."""
        return {
            "inspectors": [inspector.decode() for inspector in self.inspectors],
            "over_load": self.over_load,
            "rank": self.rank,
            "stratum": self.stratum.decode(),
            "subject_id": self.subject.decode(),
            "ticket": self.ticket.hex(),
        }


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a seed gives: the selected in panel order, and the panels' state after the last."""

    selected: list[Selected]
    panels: Panels
    result: bytes


def draw(frozen: Frozen, seed: bytes) -> Drawn:
    """The draw of frozen documents that are feasible."""
    quotas = {name.encode(): quota for name, quota in frozen.quotas.items() if quota}
    winners = [
        (ticket, stratum, rank)
        for stratum, tickets in _least(frozen, seed, quotas).items()
        for rank, ticket in enumerate(tickets, 1)
    ]
    panels = Panels(seed, frozen.plan, frozen.lists, frozen.recusals)
    selected = []
    for (ticket, subject, place), stratum, rank in sorted(winners):
        named = panels.fill(subject, frozen.pool.regions[place])
        assert named is not None, "feasible documents were asked for"
        selected.append(Selected(subject, ticket, stratum, rank, tuple(named[0]), named[1]))
    return Drawn(selected, panels, _result(frozen, seed, selected))


def reserve(frozen: Frozen, seed: bytes, stratum: bytes) -> list[tuple[bytes, bytes]]:
    """Tickets and subjects of a stratum that were not selected, in the order in which they take another's place."""
    everybody = sorted(_tickets(frozen, seed, {stratum: _ABOVE_ALL})[stratum])
    return [(ticket, subject) for ticket, subject, _ in everybody[frozen.quotas[stratum.decode()] :]]


def region_of(frozen: Frozen, subject: bytes) -> bytes:
    """The region of a subject of the pool."""
    return frozen.pool.regions[bisect_left(frozen.pool.subjects, subject)]


def _least(frozen: Frozen, seed: bytes, quotas: Mapping[bytes, int]) -> dict[bytes, list[Ticket]]:
    """The least tickets of strata, in order, as many as the quotas say.

    Tickets are spread evenly, so that few above quota / size need be looked at; where those are too few, all are.
    """
    sizes = Counter(frozen.pool.strata)
    bounds = {stratum: _bound(quota, sizes[stratum]) for stratum, quota in quotas.items()}
    found = _tickets(frozen, seed, bounds)
    if short := {stratum: _ABOVE_ALL for stratum, quota in quotas.items() if len(found[stratum]) < quota}:
        found |= _tickets(frozen, seed, short)
    return {stratum: sorted(found[stratum])[:quota] for stratum, quota in quotas.items()}


def _bound(quota: int, size: int) -> bytes:
    """A ticket below which a stratum has as many as its quota, but for one time in more than a billion."""
    likely = quota + 7 * isqrt(quota) + 50
    return _ABOVE_ALL if likely >= size else (likely * (1 << 8 * _TICKET) // size).to_bytes(_TICKET, "big")


def _tickets(frozen: Frozen, seed: bytes, bounds: Mapping[bytes, bytes]) -> dict[bytes, list[Ticket]]:
    """The tickets of strata below their bounds."""
    prefix, sha256, pool = seed + b"subject\n", hashlib.sha256, frozen.pool
    most = max(bounds.values(), default=b"")
    tickets = [
        (ticket, subject, place)
        for place, subject in enumerate(pool.subjects)
        if (ticket := sha256(prefix + subject).digest()) < most
    ]
    found: dict[bytes, list[Ticket]] = {stratum: [] for stratum in bounds}
    for each in tickets:
        stratum = pool.strata[each[2]]
        if each[0] < bounds.get(stratum, b""):
            found[stratum].append(each)
    return found


def _result(frozen: Frozen, seed: bytes, selected: Iterable[Selected]) -> bytes:
    head = {
        "commitment": frozen.commitment,
        "draw_id": frozen.plan.draw_id,
        "protocol": PROTOCOL,
        "seed": seed.hex(),
        "selected": [],
    }
    return write(head).removesuffix(b"[]}") + b"[" + b",".join(map(_line, selected)) + b"]}"


def _line(each: Selected) -> bytes:
    """`write(each.document())`, in a fifth of the time: there may be tens of thousands."""
    inspectors = b",".join(map(_quoted, each.inspectors))
    over_load = b"true" if each.over_load else b"false"
    return b'{"inspectors":[%s],"over_load":%s,"rank":%d,"stratum":%s,"subject_id":%s,"ticket":"%s"}' % (
        inspectors,
        over_load,
        each.rank,
        _quoted(each.stratum),
        _quoted(each.subject),
        each.ticket.hex().encode(),
    )


def _quoted(text: bytes) -> bytes:
    """A text of the documents in JSON: it has no control characters."""
    return b'"%s"' % text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
