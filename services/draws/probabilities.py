"""How likely each subject is to be drawn 抽中概率, from the freeze on: sizes and quotas are committed by then. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Any

_PLACES, _SIGNIFICANT = 4, 3
_PRECISION = 50


def probabilities(told: Mapping[str, Any]) -> dict[str, Any]:
    """Of what the committed event says: each stratum's subjects have one and the same probability, quota / size.

    Subjects of strata that the plan does not name cannot be drawn; they are counted under `not_named`.
    """
    strata = [_row(each["stratum"], each["size"], each["quota"]) for each in told["strata"]]
    return {
        "strata": strata,
        "subjects": told["subjects"],
        "drawn": sum(each["quota"] for each in told["strata"]),
        "not_named": told["subjects"] - sum(each["size"] for each in told["strata"]),
    }


def _row(stratum: str, size: int, quota: int) -> dict[str, Any]:
    """`fraction` is not reduced: it says of how many how many are drawn."""
    exact = Fraction(quota, size) if size else Fraction(0)
    return {
        "stratum": stratum,
        "size": size,
        "quota": quota,
        "fraction": f"{quota}/{size}" if size else "0",
        "probability": decimal_of(exact),
    }


def decimal_of(exact: Fraction) -> str:
    """A probability with four decimals, and with as many more as show three digits that are not zeros before them."""
    places = _PLACES
    while 0 < exact * 10**places < 10 ** (_SIGNIFICANT - 1):
        places += 1
    with localcontext(prec=_PRECISION, rounding=ROUND_HALF_EVEN):
        return f"{Decimal(exact.numerator) / exact.denominator:.{places}f}"
