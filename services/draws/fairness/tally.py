"""What one published draw adds to the comparison of realised and planned: a few numbers, made once. Pure.

The pool may have a million lines: it is read chunk by chunk, and nothing of it is kept but counts.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from services.draws.fairness.chance import NOTHING, Chance, hypergeometric
from services.draws.fairness.seats import Panel, Seats, Share, seats
from shared.draw.documents import Recusals, Roster, county
from shared.draw.plan import Plan
from shared.draw.quota import quotas


class Drawn(NamedTuple):
    """A stratum: how many it has, how many were to be drawn, and how many were."""

    size: int
    quota: int
    selected: int


@dataclass(frozen=True, slots=True)
class Tally:
    """A draw, counted. `strata` by name; `regions` by county 县区, over the strata of which only a part was drawn;
    `shares` by inspector as the draw names him.
    """

    draw_id: str
    strata: Mapping[str, Drawn]
    regions: Mapping[str, Chance]
    seats: Seats
    shares: Mapping[str, Share]


def tally(plan: Plan, pool: Iterable[bytes], roster: Roster, recusals: Recusals, result: bytes) -> Tally:
    """Count a draw by its frozen documents and its result, as it was drawn, before any replacement.

    `pool` are the chunks of its bytes. Who is not in the pool, or stands in the result twice, does not count as drawn.
    """
    selected = json.loads(result)["selected"]
    regions: dict[bytes, bytes] = {each["subject_id"].encode(): b"" for each in selected}
    cells: Counter[tuple[bytes, bytes]] = Counter()
    taken: Counter[tuple[bytes, bytes]] = Counter()
    for subject, stratum, region in _lines(pool):
        cell = stratum, county(region)
        cells[cell] += 1
        if subject in regions:
            regions[subject] = region
            taken[cell] += 1
    panels = (
        Panel(subject, regions[subject], tuple(inspector.encode() for inspector in each["inspectors"]))
        for each in selected
        if regions[subject := each["subject_id"].encode()]
    )
    strata = _strata(plan, cells, taken)
    seated = seats(plan, roster, recusals, panels)
    shares = {code.decode(): share for code, share in seated.shares.items()}
    return Tally(plan.draw_id, strata, _regions(strata, cells, taken), seated.seats, shares)


def _lines(chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.split(b"\t")


def _strata(
    plan: Plan,
    cells: Mapping[tuple[bytes, bytes], int],
    taken: Mapping[tuple[bytes, bytes], int],
) -> Mapping[str, Drawn]:
    sizes: Counter[bytes] = Counter()
    selected: Counter[bytes] = Counter()
    for (stratum, _), number in cells.items():
        sizes[stratum] += number
    for (stratum, _), number in taken.items():
        selected[stratum] += number
    due = quotas(plan, {stratum.decode(): size for stratum, size in sizes.items()})
    names = [*due, *sorted({each.decode() for each in sizes} - due.keys())]
    return {name: Drawn(sizes[name.encode()], due.get(name, 0), selected[name.encode()]) for name in names}


def _regions(
    strata: Mapping[str, Drawn],
    cells: Mapping[tuple[bytes, bytes], int],
    taken: Mapping[tuple[bytes, bytes], int],
) -> Mapping[str, Chance]:
    found: dict[str, Chance] = defaultdict(lambda: NOTHING)
    for (name, region), number in sorted(cells.items()):
        stratum = strata[name.decode()]
        if 0 < stratum.quota < stratum.size:
            chance = hypergeometric(stratum.size, number, stratum.quota, taken.get((name, region), 0))
            found[region.decode()] += chance
    return dict(found)
