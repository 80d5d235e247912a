"""All draws that were counted, together: how far what came of them is from what was planned. Pure.

*By stratum*: as many as the quota, always; a difference is an error, and no chance.
*By county*: a p-value each, and of all of them the smallest, times their number (Bonferroni). It holds however the
counties hang together, is exact where the numbers are small, and names the county; a chi-square over all of them would
need the inverse of their covariances, and would be approximate just where counties are small.
*By inspector*: one chi-square over all draws (`seats.py`), for which those of each draw are others. And where it is
known who is who, a p-value for each person over all draws (`poisson.py`), and again the smallest times their number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.draws.fairness.chance import NOTHING, Chance
from services.draws.fairness.poisson import p_value
from services.draws.fairness.seats import NOBODY, Seats
from services.draws.fairness.tally import Drawn, Tally

_MOST_PERSONS = 100
_MOST_ROWS = 1000
"""Of a list that is told; the number of all stands beside it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A stratum of which another number was drawn than planned."""

    draw_id: str
    stratum: str
    drawn: Drawn


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody over all draws in which chance could choose him."""

    draws: int = 0
    taken: int = 0
    mean: float = 0.0

    @property
    def p_value(self) -> float:
        """How likely chance is to give him as many seats, or as few."""
        return p_value(self.taken, self.mean)


_NEW = Person()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The sums over some draws. They are all that is kept: how many draws there are does not matter."""

    draws: int = 0
    strata: Mapping[str, Drawn] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    regions: Mapping[str, Chance] = field(default_factory=dict)
    region_draws: Mapping[str, int] = field(default_factory=dict)
    """In how many draws chance could choose subjects of a county."""
    seats: Seats = NOBODY
    seat_draws: int = 0
    """In how many draws chance could choose inspectors."""
    people: Mapping[str, Person] = field(default_factory=dict)
    """By inspector's id."""

    def plus(self, tally: Tally, ids: Mapping[str, str]) -> Comparison:
        """With one draw more; `ids` are those of its inspectors whose codes are known."""
        strata, regions, counts = dict(self.strata), dict(self.regions), dict(self.region_draws)
        for name, drawn in tally.strata.items():
            strata[name] = Drawn(*map(sum, zip(strata.get(name, Drawn(0, 0, 0)), drawn, strict=True)))
        for region, chance in tally.regions.items():
            regions[region] = regions.get(region, NOTHING) + chance
            counts[region] = counts.get(region, 0) + 1
        wrong = [
            Difference(tally.draw_id, name, each) for name, each in tally.strata.items() if each.quota != each.selected
        ]
        return Comparison(
            self.draws + 1,
            strata,
            (*self.differences, *wrong)[:_MOST_ROWS],
            regions,
            counts,
            self.seats.plus(tally.seats),
            self.seat_draws + bool(tally.seats.inspectors),
            self._people(tally, ids),
        )

    def _people(self, tally: Tally, ids: Mapping[str, str]) -> Mapping[str, Person]:
        people = dict(self.people)
        for code, share in tally.shares.items():
            if code in ids:
                before = people.get(ids[code], _NEW)
                people[ids[code]] = Person(before.draws + 1, before.taken + share.taken, before.mean + share.mean)
        return people

    def document(self) -> dict[str, Any]:
        """As everybody is told it: of inspectors together, of none by himself."""
        people = [each.p_value for each in self.people.values()]
        return {
            "draws": self.draws,
            "strata": [{"stratum": name, **drawn._asdict()} for name, drawn in list(self.strata.items())[:_MOST_ROWS]],
            "differences": [
                {"draw_id": each.draw_id, "stratum": each.stratum, **each.drawn._asdict()} for each in self.differences
            ],
            "regions": self._regions(),
            "inspectors": {
                "draws": self.seat_draws,
                "inspectors": self.seats.inspectors,
                "seats": self.seats.taken,
                "chi_square": f"{self.seats.chi_square:.2f}",
                "degrees_of_freedom": f"{self.seats.degrees:.1f}",
                "p_value": told(self.seats.p_value()),
                "persons": len(people),
                "persons_p_value": told(min(1.0, min(people, default=1.0) * len(people or [1.0]))),
            },
        }

    def persons(self) -> list[dict[str, Any]]:
        """Inspectors by themselves, those farthest from what was to be expected first; no matter of the public."""
        found = sorted(self.people.items(), key=lambda each: (each[1].p_value, each[0]))[:_MOST_PERSONS]
        return [
            {
                "inspector_id": inspector_id,
                "draws": each.draws,
                "seats": each.taken,
                "expected": f"{each.mean:.2f}",
                "p_value": told(each.p_value),
            }
            for inspector_id, each in found
        ]

    def smallest(self) -> tuple[str, float] | None:
        """The county that is farthest from what was planned, with the p-value of the whole family; None of none."""
        found = {region: each.p_value() for region, each in self.regions.items() if each.variance}
        if not found:
            return None
        region = min(found, key=lambda each: (found[each], each))
        return region, min(1.0, found[region] * len(found))

    def _regions(self) -> dict[str, Any]:
        smallest = self.smallest()
        rows = [
            {
                "region": region,
                "draws": self.region_draws[region],
                "selected": each.realised,
                "expected": f"{each.mean:.2f}",
                "p_value": told(each.p_value()),
            }
            for region, each in sorted(self.regions.items())
        ]
        return {
            "counties": len(rows),
            "farthest": smallest and smallest[0],
            "p_value": told(smallest[1] if smallest else 1.0),
            "rows": rows[:_MOST_ROWS],
        }


def told(p_value: float) -> str:
    """A p-value in three digits."""
    return f"{p_value:.3g}"
