"""Whether inspectors were on as many panels as chance would have it. Pure.

Whoever fills a place of a panel is named by the seed out of its candidates, each of them as likely (DRAW.md section 4):
those of the department and region who are not recused and not on the panel yet. All of that is known when the place is
filled, so given what was before, c places among m candidates give each of them c/m. Hence the differences between
seats taken and these expectations have mean 0, are uncorrelated from place to place, and have variances that add.
Recusals and departments that overlap are taken into account exactly.

The statistic is the sum over inspectors of (taken - expected)^2 / variance. Its mean is the number of inspectors. They
are not independent: who takes a seat takes it from the others. So it is compared with a chi-square of as many degrees
as give it its variance (Satterthwaite), which is 2 * the sum of all squared correlations. With one list of m
inspectors that is the usual chi-square of m - 1 degrees. Two things are approximate: that sums of many seats are
normal; and correlations, which are reckoned by groups of inspectors who are in the same lists.

*Where a plan has max_load*, who is a candidate hangs on who was named before, and expectations would follow what they
are to judge. So there only inspectors of a group are compared with one another: they are interchangeable whatever the
limit, which only makes their seats more even than they would be without. The p-value is then too large rather than too
small: nobody is suspected for the limit's sake, and a preference is seen as far as it lets one be.

*Over draws* a preference that is small in each adds up: so what each inspector had and was to expect is given too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from services.draws.fairness.chance import LEAST
from services.draws.fairness.chi_square import tail
from shared.draw.documents import Recusals, Roster
from shared.draw.inspectors import List, Lists
from shared.draw.plan import Plan

_NO_CHANCE = 1e-9
"""A variance below this is that of who had to be taken, or could not be."""


class Panel(NamedTuple):
    """A panel in the order in which panels were filled, inspectors in that in which they joined."""

    subject: bytes
    region: bytes
    inspectors: tuple[bytes, ...]


class Seats(NamedTuple):
    """What adds over draws: inspectors with a chance, seats, the statistic, and the sum of squared correlations."""

    inspectors: int = 0
    taken: int = 0
    statistic: float = 0.0
    squares: float = 0.0

    def plus(self, other: Seats) -> Seats:
        """Both together; draws are independent."""
        return Seats(
            self.inspectors + other.inspectors,
            self.taken + other.taken,
            self.statistic + other.statistic,
            self.squares + other.squares,
        )

    @property
    def degrees(self) -> float:
        """Degrees of freedom of the chi-square; 0 where nothing was left to chance."""
        return self.inspectors**2 / self.squares if self.squares else 0.0

    @property
    def chi_square(self) -> float:
        """The statistic, scaled so that its mean is its degrees of freedom."""
        return self.statistic * self.inspectors / self.squares if self.squares else 0.0

    def p_value(self) -> float:
        """How likely chance is to treat inspectors as unevenly or more; never less than `LEAST`."""
        return max(LEAST, tail(self.chi_square, self.degrees)) if self.squares else 1.0


NOBODY = Seats()


class Share(NamedTuple):
    """What one inspector had, and was to expect, where chance could choose him."""

    taken: int
    mean: float


class Seated(NamedTuple):
    """The seats of a draw together, and of each inspector by himself."""

    seats: Seats
    shares: Mapping[bytes, Share]


@dataclass(slots=True)
class _Turns:
    """Places among the inspectors of one list: what each candidate expects, its variance, the covariance of two."""

    members: List
    mean: float = 0.0
    variance: float = 0.0
    shared: float = 0.0


@dataclass(slots=True)
class _Inspector:
    """What came of somebody, and what was to be expected; `lists` are those he is in."""

    taken: int = 0
    mean: float = 0.0
    variance: float = 0.0
    lists: tuple[int, ...] = ()


_Everybody = dict[bytes, _Inspector]


def seats(plan: Plan, roster: Roster, recusals: Recusals, panels: Iterable[Panel]) -> Seated:
    """The seats of a draw's panels."""
    lists = Lists(roster, plan.inspector_region)
    turns: dict[int, _Turns] = {}
    everybody: _Everybody = defaultdict(_Inspector)
    for panel in panels:
        for inspector in panel.inspectors:
            everybody[inspector].taken += 1
        start = 0
        for entry in plan.panel:
            members = lists.of(entry.department, panel.region)
            out = members.among({*panel.inspectors[:start], *recusals.get(panel.subject, ())})
            _place(turns.setdefault(id(members), _Turns(members)), entry.count, out, everybody)
            start += entry.count
    for number, turn in enumerate(turns.values()):
        for member in turn.members.order:
            each = everybody[member]
            each.mean += turn.mean
            each.variance += turn.variance
            each.lists += (number,)
    shared = [turn.shared for turn in turns.values()]
    return (_among_all if plan.max_load is None else _within_groups)(everybody, shared)


def _place(turn: _Turns, places: int, out: Collection[bytes], everybody: _Everybody) -> None:
    """So many places of a panel, for which those who are out are no candidates."""
    candidates = len(turn.members) - len(out)
    mean = places / candidates
    variance = mean * (1 - mean)
    turn.mean += mean
    turn.variance += variance
    if candidates > 1:
        turn.shared += variance / (candidates - 1)
    for inspector in out:
        everybody[inspector].mean -= mean
        everybody[inspector].variance -= variance


def _among_all(everybody: _Everybody, shared: list[float]) -> Seated:
    """All inspectors compared; `shared` is what those of a list take from one another."""
    groups = [
        (lists, fmean(each.variance for each in group.values()), len(group)) for lists, group in _groups(everybody)
    ]
    squares = float(sum(number for *_, number in groups))
    for one, of_one, number in groups:
        for other, of_other, others in groups:
            covariance = sum(shared[each] for each in set(one).intersection(other))
            pairs = number * (others - (one == other))
            squares += pairs * min(1.0, covariance**2 / (of_one * of_other))
    chosen = {name: each for _, group in _groups(everybody) for name, each in group.items()}
    statistic = sum((each.taken - each.mean) ** 2 / each.variance for each in chosen.values())
    taken = sum(each.taken for each in everybody.values())
    shares = {name: Share(each.taken, each.mean) for name, each in chosen.items()}
    return Seated(Seats(len(chosen), taken, statistic, squares), shares)


def _within_groups(everybody: _Everybody, shared: list[float]) -> Seated:
    """Those of a group compared with one another, given how many seats they have together."""
    found, shares = NOBODY, dict[bytes, Share]()
    for lists, group in _groups(everybody):
        taken, number = sum(each.taken for each in group.values()), len(group)
        if number < 2 or not taken:  # noqa: PLR2004 - nobody to compare with
            continue
        scale = taken / sum(each.mean for each in group.values())
        covariance, statistic = sum(shared[each] for each in lists), 0.0
        for name, each in group.items():
            mean, spread = each.mean * scale, (each.variance + covariance) * scale * (1 - 1 / number)
            statistic += (each.taken - mean) ** 2 / spread
            shares[name] = Share(each.taken, mean)
        found = found.plus(Seats(number, taken, statistic, number**2 / (number - 1)))
    return Seated(found, shares)


def _groups(everybody: _Everybody) -> list[tuple[tuple[int, ...], dict[bytes, _Inspector]]]:
    """Inspectors who are in the same lists, those of them whom chance could choose or not."""
    found: dict[tuple[int, ...], dict[bytes, _Inspector]] = defaultdict(dict)
    for name, each in everybody.items():
        if each.variance > _NO_CHANCE:
            found[each.lists][name] = each
    return list(found.items())
