"""How many are drawn, how soon and how often again, where a plan does not say it: a table. Pure.

No law fixes rates by grade, only that few of the good are drawn and many of the bad 差异化监管. These are rates as
cities have published them: of A 1 to 3 %, of B 5 %, of C 20 %, of D all while they are few.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

UNRATED = "unrated"
"""The stratum of subjects of whom too little is known for a grade 证据不足."""

RATES = MappingProxyType({"D": "0.50", "C": "0.20", "B": "0.05", UNRATED: "0.05", "A": "0.03"})
"""By stratum, the riskiest first: where a cap leaves equal remainders, the one named earlier gets what is left.

Of the unrated as many as of B: as much as of anybody who has given no cause, more than of those who have earned an A.
"""
WHOLE_UP_TO = MappingProxyType({"D": 50})
"""Strata of which all are drawn while they have so many subjects at most."""
CASE_RATES = MappingProxyType({"serious": "0.20", "general": "0.05", "minor": "0.05"})
"""By severity: a review reads most where most was decided about somebody, and something of everything."""

CLEAN_DAYS = 180
CLEAN_DAYS_NOT_FOR = ("D",)
VISITS_PER_YEAR = MappingProxyType({"A": 1, "B": 1, "C": 2, "D": 4, UNRATED: 1})


def subject_strata(sizes: Mapping[str, int], *, key_items: bool) -> list[dict[str, str]]:
    """The strata of a plan that names none, by the sizes of the pool's; of key items 重点事项 everybody is drawn.

    Raises `KeyError` for a grade that the table does not know.
    """
    if key_items:
        return _strata(dict.fromkeys([*RATES, *sorted(sizes.keys() - RATES.keys())], "1"))
    if unknown := sizes.keys() - RATES.keys():
        raise KeyError(min(unknown))
    whole = {name: "1" for name, most in WHOLE_UP_TO.items() if sizes.get(name, 0) <= most}
    return _strata({**RATES, **whole})


def case_strata() -> list[dict[str, str]]:
    """The strata of a plan for a file review that names none."""
    return _strata(CASE_RATES)


def _strata(rates: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"stratum": name, "rate": rate} for name, rate in rates.items()]
