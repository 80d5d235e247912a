"""What each inspector was to expect, where it can be counted by hand."""

import pytest

from services.draws.fairness.seats import NOBODY, Panel, seats
from shared.credit.canonical import canonical
from shared.draw.documents import parse_recusals, parse_roster
from shared.draw.plan import parse_plan
from tests.support.draws import a_plan

ROSTER = b"J0\tlaw\t320902\nJ1\tlaw\t320902\nJ2\tlaw\t320903\nJ3\tfire\t320902\n"


def of(panels, panel=None, recusals=b"", **more):
    plan = a_plan(panel=panel or [{"department": "law", "count": 2}], **{"max_load": None} | more)
    ours = {"protocol": "chengxin-draw/1", "draw_id": "d", "journal": "0" * 64}
    taken = [Panel(b"s%d" % n, b"320902", tuple(each.encode().split(b" "))) for n, each in enumerate(panels)]
    return seats(parse_plan(canonical(plan | ours)), parse_roster(ROSTER), parse_recusals(recusals), taken).seats


def test_two_of_three():
    # Each expects 2/3 of a seat a panel, with a variance of 2/9: after three panels 2 seats and 2/3.
    found = of(["J0 J1", "J1 J0", "J0 J1"])
    assert (found.inspectors, found.taken) == (3, 6)
    assert found.statistic == pytest.approx((1 + 1 + 4) / (2 / 3))
    assert found.degrees == pytest.approx(2)
    assert found.chi_square == pytest.approx(6.0)


def test_who_had_to_be_taken_was_not_chosen_by_chance():
    assert of(["J0 J2"], recusals=b"J1\ts0\n").inspectors == 0
    assert of(["J0 J1"], inspector_region="same") == NOBODY._replace(taken=2)


def test_a_recusal_moves_what_the_others_expect():
    # J0 and J2 have s0 surely, each of the three 2/3 of s1.
    found = of(["J0 J2", "J0 J1"], recusals=b"J1\ts0\n")
    assert found.statistic == pytest.approx(((2 - 5 / 3) ** 2 + (1 - 2 / 3) ** 2 + (1 - 5 / 3) ** 2) / (2 / 9))


def test_who_is_on_the_panel_already_is_no_candidate_of_its_next_place():
    both = [{"department": "law", "count": 1}, {"department": "*", "count": 1}]
    # J3 can only have the second place, for which three are left whoever had the first.
    found = of(["J0 J3"], both)
    expected = {"J0": 1 / 3, "J1": 1 / 3 + 1 / 3, "J2": 1 / 3 + 1 / 3, "J3": 1 / 3}
    variance = {"J0": 2 / 9, "J1": 4 / 9, "J2": 4 / 9, "J3": 2 / 9}
    taken = {"J0": 1, "J1": 0, "J2": 0, "J3": 1}
    assert found.statistic == pytest.approx(sum((taken[j] - expected[j]) ** 2 / variance[j] for j in taken))


def test_with_a_limit_only_those_of_a_group_are_compared():
    both = [{"department": "law", "count": 1}, {"department": "*", "count": 1}]
    found = of(["J0 J3", "J0 J3", "J0 J1"], both, max_load=3)
    assert found.inspectors == 3  # J3 is alone in the lists that he is in
    assert found.degrees == pytest.approx(2)
