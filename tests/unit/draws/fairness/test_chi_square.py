"""The tail of the chi-square distribution against what can be known without it."""

from math import erfc, exp, factorial, sqrt

import pytest

from services.draws.fairness.chi_square import tail

# Upper 5 % and 0.1 % points as printed in every table (Abramowitz and Stegun, table 26.8).
POINTS = [
    (3.84146, 1, 0.05),
    (10.8276, 1, 0.001),
    (5.99146, 2, 0.05),
    (18.3070, 10, 0.05),
    (29.5883, 10, 0.001),
    (43.7729, 30, 0.05),
    (124.342, 100, 0.05),
    (149.449, 100, 0.001),
]


@pytest.mark.parametrize(("statistic", "degrees", "p"), POINTS)
def test_points_of_the_tables(statistic, degrees, p):
    assert tail(statistic, degrees) == pytest.approx(p, rel=1e-4)


@pytest.mark.parametrize("statistic", [0.01, 0.5, 1.0, 3.0, 25.0, 120.0, 600.0])
def test_one_and_even_degrees_have_a_form_of_their_own(statistic):
    assert tail(statistic, 1) == pytest.approx(erfc(sqrt(statistic / 2)), rel=1e-11)
    for degrees in (2, 8, 40):
        half = statistic / 2
        closed = exp(-half) * sum(half**k / factorial(k) for k in range(degrees // 2))
        assert tail(statistic, degrees) == pytest.approx(closed, rel=1e-11)


def test_degrees_that_are_not_whole_lie_between():
    assert tail(20.0, 10) < tail(20.0, 10.5) < tail(20.0, 11)


def test_very_many_degrees_are_nearly_normal():
    degrees = 200_000
    assert tail(degrees + 2 * sqrt(2 * degrees), degrees) == pytest.approx(erfc(2 / sqrt(2)) / 2, rel=0.02)


def test_nothing_is_never_unlikely():
    assert tail(0.0, 3) == 1.0
