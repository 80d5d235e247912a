"""How likely each subject is to be drawn, from what is committed to."""

from fractions import Fraction

import pytest

from services.draws.probabilities import decimal_of, probabilities
from tests.support.draws import LISTS


@pytest.mark.parametrize(
    ("exact", "text"),
    [
        (Fraction(3, 60), "0.0500"),
        (Fraction(1, 3), "0.3333"),
        (Fraction(2, 3), "0.6667"),
        (Fraction(1), "1.0000"),
        (Fraction(0), "0.0000"),
        (Fraction(1, 1_000_000), "0.00000100"),
        (Fraction(12_345, 10**9), "0.0000123"),
        (Fraction(1, 2**53), "0.000000000000000111"),
    ],
)
def test_a_probability_shows_four_decimals_or_as_many_as_say_something(exact, text):
    assert decimal_of(exact) == text


def test_each_stratum_has_one_probability_and_who_is_not_named_has_none(desk):
    desk.plan(strata=[{"stratum": "C", "rate": "0.5"}])
    told = desk.freeze().committed.told
    assert probabilities(told) == {
        "strata": [{"stratum": "C", "size": 4, "quota": 2, "fraction": "2/4", "probability": "0.5000"}],
        "subjects": 12,
        "drawn": 2,
        "not_named": 8,
    }


def test_of_a_pool_of_nobody_nobody_can_be_drawn(desk):
    desk.plan(strata=[])
    told = desk.freeze(lists=LISTS | {"pool.tsv": b""}).committed.told
    assert probabilities(told) == {"strata": [], "subjects": 0, "drawn": 0, "not_named": 0}
    empty = probabilities({**told, "strata": [{"stratum": "C", "size": 0, "quota": 0}]})["strata"]
    assert empty == [{"stratum": "C", "size": 0, "quota": 0, "fraction": "0", "probability": "0.0000"}]
