"""Tails of Poisson counts, by their sums."""

from math import exp, factorial

import pytest

from services.draws.fairness.chance import LEAST
from services.draws.fairness.poisson import p_value


def upto(count, mean):
    return sum(exp(-mean) * mean**k / factorial(k) for k in range(count + 1))


@pytest.mark.parametrize(("count", "mean"), [(0, 3.0), (3, 0.4), (9, 2.5), (20, 41.0), (0, 0.5)])
def test_twice_the_smaller_tail(count, mean):
    low, high = upto(count, mean), 1 - upto(count - 1, mean)
    assert p_value(count, mean) == pytest.approx(min(1.0, 2 * min(low, high)), rel=1e-9)


def test_a_far_tail_is_not_lost_in_rounding():
    assert p_value(15, 0.5) == pytest.approx(2 * exp(-0.5) * 0.5**15 / factorial(15) * (1 + 0.5 / 16), rel=1e-3)


def test_large_means_are_nearly_normal():
    assert p_value(100_633, 100_000.0) == pytest.approx(0.0456, rel=0.02)


def test_what_cannot_be():
    assert p_value(1, 0.0) == LEAST
    assert p_value(0, 0.0) == 1.0
    assert p_value(5_000, 1.0) == LEAST
