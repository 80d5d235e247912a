"""The shape of a pool in a plan, as the OpenAPI document shows it; `pool.py` judges what belongs together."""

from __future__ import annotations

from services.draws.pools.defaults import VISITS_PER_YEAR
from shared.events.fields import Choice, Flag, Int, Part, Several, Wire
from shared.events.texts import Day, Pattern
from shared.registry.kinds import KINDS
from shared.registry.regions import LEVELS

_MOST_REGIONS = 100
_MOST_CLEAN_DAYS = 3650
_MOST_VISITS = 366


class Prefix(Pattern):
    """The beginning of a division code 区划代码, which names a province, a city, a district and so on."""

    pattern = "|".join(f"[0-9]{{{digits}}}" for digits in LEVELS).join("()")
    says = f"the first {', '.join(map(str, LEVELS))} digits of an administrative division code"


def regions() -> Several:
    """Several beginnings of division codes."""
    return Several(Prefix(), 1, _MOST_REGIONS, distinct=True, what="Beginnings of division codes 区划代码")


def _visits() -> Int:
    return Int(1, _MOST_VISITS, required=False)


class VisitsSchema(Wire):
    """By grade; one that is left out has no limit."""

    A = _visits()
    B = _visits()
    C = _visits()
    D = _visits()
    unrated = _visits()


class PoolSchema(Wire):
    """Who may be drawn: subjects of the register, or decided cases for a file review 案卷评查."""

    of = Choice("subjects", "cases", what="主体, 案卷")
    kind = Choice(*KINDS, what="Kind of subjects, or of those whose cases are reviewed")
    regions = regions()
    key_items = Flag(
        required=False, what="重点事项: everybody is drawn unless the plan has strata, however recently or often before"
    )
    clean_days = Int(
        0, _MOST_CLEAN_DAYS, required=False, what="Whoever was drawn and found clean so recently is left out"
    )
    clean_days_not_for = Several(
        Choice(*VISITS_PER_YEAR), 0, len(VISITS_PER_YEAR), distinct=True, required=False, what="Grades without them"
    )
    visits_per_year = Part(
        VisitsSchema, required=False, what="Visits by draw in a year after which nobody of a grade is drawn again"
    )
    decided_from = Day(required=False, what="Of cases: first day of decision")
    decided_until = Day(required=False, what="Of cases: last day of decision")
