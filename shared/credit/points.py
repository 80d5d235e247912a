"""Exact amounts: points are integers of hundredths, factors exact decimals, rounding half up (SCORING.md, units)."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,8})([.][0-9]{1,9})?")
HUNDREDTHS = 100


class Factor(NamedTuple):
    """A multiplier or factor: its exact value, and its text without trailing zeros."""

    value: Fraction
    text: str


def parse_factor(text: Any) -> Factor:
    """A factor from a decimal string such as "0.5". Raises `ValueError`."""
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise ValueError('must be a quoted decimal such as "0.5", at most nine digits before and after the point')
    shown = format(Decimal(text), "f")
    return Factor(Fraction(text), shown.rstrip("0").rstrip(".") if "." in shown else shown)


def parse_points(text: Any) -> int:
    """Hundredths of a point from a decimal string such as "2.50". Raises `ValueError`."""
    hundredths = parse_factor(text).value * HUNDREDTHS
    if hundredths.denominator != 1:
        raise ValueError(f'"{text}" has more than two decimal places')
    return hundredths.numerator


def parse_signed(text: str) -> int:
    """Hundredths of what `show_points` has written."""
    return -parse_points(text[1:]) if text.startswith("-") else parse_points(text)


def show_points(hundredths: int) -> str:
    """Points as served everywhere: a decimal string with two places."""
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), HUNDREDTHS)
    return f"{sign}{whole}.{rest:02d}"


ONE = parse_factor("1")


def times(hundredths: int, *factors: Factor) -> int:
    """Points times factors, rounded half up once (SCORING.md 3.5)."""
    return _times(hundredths, *[factor.text for factor in factors])


@lru_cache(maxsize=65536)
def _times(hundredths: int, *factors: str) -> int:
    """By their texts, which are as exact: a text knows its hash, a fraction computes it every time."""
    exact = Fraction(hundredths)
    for factor in factors:
        exact *= Fraction(factor)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
