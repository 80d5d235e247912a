"""Counts that chance makes, against all draws there can be, counted one by one."""

from itertools import combinations
from math import comb, erfc, sqrt

import pytest

from services.draws.fairness.chance import LEAST, NOTHING, hypergeometric


def counted(size, special, drawn):
    """The distribution, out of every set that could be drawn."""
    found = {}
    for chosen in combinations(range(size), drawn):
        number = sum(each < special for each in chosen)
        found[number] = found.get(number, 0) + 1
    return {number: times / comb(size, drawn) for number, times in found.items()}


def shown(chance):
    return {chance.exact.first + place: weight for place, weight in enumerate(chance.exact.weights)}


CASES = [(9, 4, 3), (9, 7, 5), (6, 1, 1), (6, 6, 2), (7, 3, 7), (5, 0, 2), (1, 1, 1)]


@pytest.mark.parametrize(("size", "special", "drawn"), CASES)
def test_a_stratum_is_drawn_as_every_set_is_as_likely(size, special, drawn):
    found, right = hypergeometric(size, special, drawn, 0), counted(size, special, drawn)
    assert shown(found) == pytest.approx(right)
    mean = sum(number * weight for number, weight in right.items())
    assert found.mean == pytest.approx(mean)
    assert found.variance == pytest.approx(sum((number - mean) ** 2 * weight for number, weight in right.items()))


def test_two_strata_together_are_every_pair():
    one, two = (9, 4, 3), (7, 2, 4)
    right = {}
    for first, weight in counted(*one).items():
        for second, other in counted(*two).items():
            right[first + second] = right.get(first + second, 0) + weight * other
    both = hypergeometric(*one, 3) + hypergeometric(*two, 2)
    assert shown(both + NOTHING) == pytest.approx(right)
    assert both.realised == 5
    assert both.p_value() == pytest.approx(2 * right[5])


def test_both_sides_count_and_no_p_value_is_more_than_one():
    assert hypergeometric(10, 5, 5, 0).p_value() == pytest.approx(2 / comb(10, 5))
    assert hypergeometric(10, 5, 5, 5).p_value() == pytest.approx(2 / comb(10, 5))
    assert hypergeometric(9, 4, 3, 1).p_value() == 1.0
    assert hypergeometric(6, 6, 2, 2).p_value() == 1.0


def test_what_cannot_be_is_as_unlikely_as_is_told():
    assert hypergeometric(6, 1, 1, 5).p_value() == LEAST


def test_of_large_numbers_likelihoods_are_those_of_whole_number_arithmetic():
    found = shown(hypergeometric(1_000_000, 2_000, 50_000, 0))
    for number in (80, 100, 130):
        exact = comb(2_000, number) * comb(998_000, 50_000 - number) / comb(1_000_000, 50_000)
        assert found[number] == pytest.approx(exact, rel=1e-9)


def test_a_wide_distribution_is_taken_for_normal_and_is_about_what_it_was():
    narrow = hypergeometric(4_000, 1_000, 2_000, 525)
    assert narrow.exact is not None
    wide = narrow + narrow + narrow
    assert wide.exact is None
    assert wide.p_value() == pytest.approx(erfc(74.5 / sqrt(2 * wide.variance)))
    both = narrow + narrow
    assert both.p_value() == pytest.approx(erfc(49.5 / sqrt(2 * both.variance)), rel=0.02)
