"""Counts of rare chances 泊松分布, of which nothing but the mean is known. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, lgamma, log

from services.draws.fairness.chance import LEAST

_NEGLIGIBLE = 1e-17


def p_value(count: int, mean: float) -> float:
    """How likely a Poisson count of such a mean is to lie as far from it or farther, to either side; at least `LEAST`.

    A sum of independent chances that are not all small has lighter tails than that (Hoeffding, 1956): for such a sum
    the p-value is rather too large than too small.
    """
    if mean <= 0:
        return 1.0 if count == 0 else LEAST
    smaller = min(_sum(_down(count, mean)), _sum(_up(count, mean)))
    return min(1.0, max(LEAST, 2 * smaller))


def _sum(weights: Iterator[float]) -> float:
    total = 0.0
    for weight in weights:
        total += weight
        if weight <= total * _NEGLIGIBLE:
            break
    return total


def _likelihood(count: int, mean: float) -> float:
    return exp(count * log(mean) - mean - lgamma(count + 1))


def _up(count: int, mean: float) -> Iterator[float]:
    weight = _likelihood(count, mean)
    while True:
        yield weight
        count += 1
        weight *= mean / count


def _down(count: int, mean: float) -> Iterator[float]:
    weight = _likelihood(count, mean)
    while count >= 0:
        yield weight
        weight *= count / mean
        count -= 1
