"""The strata of a plan that names none."""

from fractions import Fraction

import pytest

from services.draws.pools.defaults import case_strata, subject_strata
from shared.credit.canonical import canonical
from shared.draw.plan import parse_plan
from shared.draw.quota import quotas
from tests.support.draws import a_plan


def drawn(sizes, strata):
    """How many are drawn of each stratum, by the protocol."""
    ours = {"protocol": "chengxin-draw/1", "draw_id": "d", "journal": "0" * 64}
    return quotas(parse_plan(canonical({**a_plan(), **ours, "strata": strata})), sizes)


@pytest.mark.parametrize(("size", "number"), [(0, 0), (1, 1), (50, 50), (51, 26), (1000, 500)])
def test_of_the_worst_all_are_drawn_while_they_are_few(size, number):
    assert drawn({"D": size}, subject_strata({"D": size}, key_items=False))["D"] == number


def test_of_others_a_share_and_one_at_least():
    sizes = {"A": 1000, "B": 1000, "C": 1000, "unrated": 1000}
    strata = subject_strata(sizes, key_items=False)
    assert drawn(sizes, strata) == {"D": 0, "C": 200, "B": 50, "unrated": 50, "A": 30}
    assert drawn(dict.fromkeys(sizes, 1), strata) == {"D": 0, "C": 1, "B": 1, "unrated": 1, "A": 1}


def test_of_key_items_everybody():
    sizes = {"A": 70, "D": 60, "AAA": 3}
    found = drawn(sizes, subject_strata(sizes, key_items=True))
    assert {name: number for name, number in found.items() if number} == sizes


def test_a_grade_that_the_table_does_not_know_needs_a_rate_of_its_own():
    with pytest.raises(KeyError, match="AAA"):
        subject_strata({"A": 1, "AAA": 1}, key_items=False)


def test_of_cases_the_serious_most():
    assert {each["stratum"]: Fraction(each["rate"]) for each in case_strata()} == {
        "serious": Fraction("0.2"),
        "general": Fraction("0.05"),
        "minor": Fraction("0.05"),
    }
