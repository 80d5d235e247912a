"""The chi-square distribution's tail 卡方分布. Pure, of the standard library: nothing larger is worth one function."""

from __future__ import annotations

from math import exp, lgamma, log

_EPSILON = 1e-15
_MOST_TERMS = 100_000
_TINY = 1e-300


def tail(statistic: float, degrees: float) -> float:
    """How likely a chi-square of so many degrees of freedom (more than 0, whole or not) is to be this or larger.

    The regularised incomplete gamma function Q(degrees / 2, statistic / 2), by its series below its mean and by its
    continued fraction above (Abramowitz and Stegun 6.5.29, 6.5.31): each converges fast where it is used.
    """
    a, x = degrees / 2, statistic / 2
    if x <= 0:
        return 1.0
    factor = exp(a * log(x) - x - lgamma(a))
    return 1 - factor * _series(a, x) if x < a + 1 else factor * _fraction(a, x)


def _series(a: float, x: float) -> float:
    term = total = 1 / a
    for n in range(1, _MOST_TERMS):
        term *= x / (a + n)
        total += term
        if term < total * _EPSILON:
            return total
    raise ArithmeticError("the series did not converge")


def _fraction(a: float, x: float) -> float:
    """By Lentz's method: numerators and denominators as ratios, so that none overflows."""
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    value = d
    for n in range(1, _MOST_TERMS):
        step = -n * (n - a)
        b += 2
        d = 1 / (step * d + b or _TINY)
        c = b + step / c or _TINY
        value *= c * d
        if abs(c * d - 1) < _EPSILON:
            return value
    raise ArithmeticError("the fraction did not converge")
