"""The draw itself: tickets, selection, panels, and the result's bytes (DRAW.md section 4)."""

from __future__ import annotations

import hashlib
from binascii import hexlify
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
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
    panels = Panels(seed, frozen.plan, frozen.lists, frozen.recusals)
    selected, pool, ranks = [], frozen.pool, dict.fromkeys(quotas, 0)
    for ticket, subject, place in _least(frozen, seed, quotas):
        stratum = pool.strata[place]
        if ranks[stratum] == quotas[stratum]:
            continue
        ranks[stratum] += 1
        named = panels.fill(subject, pool.regions[place])
        assert named is not None, "feasible documents were asked for"
        selected.append(Selected(subject, ticket, stratum, ranks[stratum], *named))
    return Drawn(selected, panels, _result(frozen, seed, selected))


def reserve(frozen: Frozen, seed: bytes, stratum: bytes) -> list[tuple[bytes, bytes]]:
    """Tickets and subjects of a stratum that were not selected, in the order in which they take another's place."""
    everybody = _tickets(frozen, seed, {stratum: _ABOVE_ALL})
    return [(ticket, subject) for ticket, subject, _ in everybody[frozen.quotas[stratum.decode()] :]]


def region_of(frozen: Frozen, subject: bytes) -> bytes:
    """The region of a subject of the pool."""
    place = frozen.pool.place(subject)
    assert place is not None
    return frozen.pool.regions[place]


def _least(frozen: Frozen, seed: bytes, quotas: Mapping[bytes, int]) -> list[Ticket]:
    """Tickets of strata in order, of each the least, at least as many as the quotas say.

    Tickets are spread evenly, so that few above quota / size need be looked at; where those are too few, all are.
    """
    bounds = {stratum: _bound(quota, frozen.sizes[stratum]) for stratum, quota in quotas.items()}
    found = _tickets(frozen, seed, bounds)
    numbers = Counter(frozen.pool.strata[place] for _, _, place in found)
    if any(numbers[stratum] < quota for stratum, quota in quotas.items()):
        return _tickets(frozen, seed, dict.fromkeys(quotas, _ABOVE_ALL))
    return found


def _bound(quota: int, size: int) -> bytes:
    """A ticket below which a stratum has as many as its quota, but for one time in more than a billion."""
    likely = quota + 7 * isqrt(quota) + 50
    return _ABOVE_ALL if likely >= size else (likely * (1 << 8 * _TICKET) // size).to_bytes(_TICKET, "big")


def _tickets(frozen: Frozen, seed: bytes, bounds: Mapping[bytes, bytes]) -> list[Ticket]:
    """The tickets of strata below their bounds, in order."""
    prefix, sha256, strata, bound = seed + b"subject\n", hashlib.sha256, frozen.pool.strata, bounds.get
    most = max(bounds.values(), default=b"")
    tickets = [
        (ticket, subject, place)
        for place, subject in enumerate(frozen.pool.subjects)
        if (ticket := sha256(prefix + subject).digest()) < most and ticket < bound(strata[place], b"")
    ]
    tickets.sort()
    return tickets


def _result(frozen: Frozen, seed: bytes, selected: Sequence[Selected]) -> bytes:
    head = {
        "commitment": frozen.commitment,
        "draw_id": frozen.plan.draw_id,
        "protocol": PROTOCOL,
        "seed": seed.hex(),
        "selected": [],
    }
    names = {*chain.from_iterable(each.inspectors for each in selected), *(each.stratum for each in selected)}
    quoted = {name: _quoted(name) for name in names}
    return write(head).removesuffix(b"[]}") + b"[" + b",".join(_line(each, quoted) for each in selected) + b"]}"


def _line(each: Selected, quoted: Mapping[bytes, bytes]) -> bytes:
    """`write(each.document())`, in a fifth of the time: there may be tens of thousands."""
    return b'{"inspectors":[%s],"over_load":%s,"rank":%d,"stratum":%s,"subject_id":%s,"ticket":"%s"}' % (
        b",".join([quoted[inspector] for inspector in each.inspectors]),
        b"true" if each.over_load else b"false",
        each.rank,
        quoted[each.stratum],
        _quoted(each.subject),
        hexlify(each.ticket),
    )


def _quoted(text: bytes) -> bytes:
    """A text of the documents in JSON: it has no control characters."""
    return b'"%s"' % text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
