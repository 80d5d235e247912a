"""A count that chance makes, and how far it is from what was to be expected. Pure.

Of a stratum of N subjects, K of them of a region, n are drawn, each set of n as likely as any other: so the number
drawn of the region is hypergeometric 超几何分布. Strata and draws are independent of one another (each has tickets of
its own), so counts, means and variances add, and distributions are convolved.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

_EXACT_VARIANCE = 400.0
"""Up to here distributions are kept whole: at most some 400 values. Beyond, the normal one is as good."""
_NEGLIGIBLE = 1e-24
"""Of the likeliest value; what is less likely is left out of a distribution."""
LEAST = 1e-15
"""No p-value is told smaller: sums of so many numbers are no more exact."""


@dataclass(frozen=True, slots=True)
class Pmf:
    """A distribution of whole numbers: the likelihoods of `first` and those after it."""

    first: int
    weights: tuple[float, ...]

    def __add__(self, other: Pmf) -> Pmf:
        """The distribution of the sum of two independent numbers."""
        sums = [0.0] * (len(self.weights) + len(other.weights) - 1)
        for place, one in enumerate(self.weights):
            for distance, two in enumerate(other.weights, place):
                sums[distance] += one * two
        return _trimmed(self.first + other.first, sums)


@dataclass(frozen=True, slots=True)
class Chance:
    """What came, and what was to be expected; `exact` is the whole distribution, None where it is too wide to keep."""

    realised: int
    mean: float
    variance: float
    exact: Pmf | None

    def __add__(self, other: Chance) -> Chance:
        """Both together, which are independent."""
        variance = self.variance + other.variance
        kept = self.exact is not None and other.exact is not None and variance <= _EXACT_VARIANCE
        exact = self.exact + other.exact if kept and self.exact and other.exact else None
        return Chance(self.realised + other.realised, self.mean + other.mean, variance, exact)

    def p_value(self) -> float:
        """How likely chance is to lead as far away or farther, to either side; never less than `LEAST`.

        Twice the smaller tail, 1 at most: exact where the distribution is kept, and then rather too large than too
        small, since counts are whole; else by the normal distribution with half a count of continuity.
        """
        if self.exact is not None:
            smaller = min(_upto(self.exact, self.realised), _from(self.exact, self.realised))
            return min(1.0, max(LEAST, 2 * smaller))
        distance = max(0.0, abs(self.realised - self.mean) - 0.5)
        return max(LEAST, erfc(distance / sqrt(2 * self.variance)))


NOTHING = Chance(0, 0.0, 0.0, Pmf(0, (1.0,)))
"""No draw at all."""


def hypergeometric(size: int, special: int, drawn: int, realised: int) -> Chance:
    """So many realised of the special ones, where so many were drawn out of all."""
    mean = drawn * special / size
    rest = (size - special) * (size - drawn)
    variance = mean * rest / (size * (size - 1)) if size > 1 else 0.0
    exact = _pmf(size, special, drawn) if variance <= _EXACT_VARIANCE else None
    return Chance(realised, mean, variance, exact)


def _pmf(size: int, special: int, drawn: int) -> Pmf:
    """From the likeliest value to both sides, each likelihood out of the one before: so no factorial is ever made."""
    low, high = max(0, drawn + special - size), min(special, drawn)
    mode = min(high, max(low, (drawn + 1) * (special + 1) // (size + 2)))
    up, down = [1.0], []
    for k in range(mode, high):
        up.append(up[-1] * (special - k) * (drawn - k) / ((k + 1) * (size - special - drawn + k + 1)))
        if up[-1] < _NEGLIGIBLE:
            break
    weight = 1.0
    for k in range(mode, low, -1):
        weight *= k * (size - special - drawn + k) / ((special - k + 1) * (drawn - k + 1))
        down.append(weight)
        if weight < _NEGLIGIBLE:
            break
    weights = [*reversed(down), *up]
    total = sum(weights)
    return Pmf(mode - len(down), tuple(each / total for each in weights))


def _trimmed(first: int, weights: list[float]) -> Pmf:
    least = max(weights) * _NEGLIGIBLE
    start, end = 0, len(weights)
    while weights[start] < least:
        start += 1
    while weights[end - 1] < least:
        end -= 1
    return Pmf(first + start, tuple(weights[start:end]))


def _upto(exact: Pmf, value: int) -> float:
    return sum(exact.weights[: max(0, value - exact.first + 1)])


def _from(exact: Pmf, value: int) -> float:
    return sum(exact.weights[max(0, value - exact.first) :])
