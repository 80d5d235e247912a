"""Quotas, exactly: ceilings of rates, and a cap that is shared by the largest remainders."""

from datetime import date
from fractions import Fraction

import pytest

from shared.draw.plan import Entry, Plan, Stratum
from shared.draw.quota import quotas


def a_plan(*strata, cap=None):
    made = [Stratum(name, what if isinstance(what, int) else None, None if isinstance(what, int) else Fraction(what))
            for name, what in strata]  # fmt: skip
    panel = (Entry("*", 2),)
    return Plan("一", tuple(made), cap, panel, None, "any", (), date(2026, 12, 31), "0" * 64, {})


@pytest.mark.parametrize(
    ("what", "size", "quota"),
    [
        (5, 10, 5),
        (5, 3, 3),
        (0, 3, 0),
        ("0.05", 100, 5),
        ("0.05", 101, 6),
        ("0.1", 3, 1),
        ("1", 7, 7),
        ("0", 7, 0),
        ("0.000000001", 1, 1),
        ("0.29", 100, 29),
        ("0.57", 100, 57),
    ],
)
def test_of_one_stratum(what, size, quota):
    assert quotas(a_plan(("a", what)), {"a": size, "b": 9}) == {"a": quota}


def test_a_stratum_that_nobody_is_in():
    assert quotas(a_plan(("a", 5), ("b", "0.5")), {}) == {"a": 0, "b": 0}


@pytest.mark.parametrize(
    ("cap", "expected"),
    [(10, (5, 3, 2)), (9, (4, 3, 2)), (5, (3, 1, 1)), (1, (1, 0, 0)), (0, (0, 0, 0)), (11, (5, 3, 2))],
)
def test_a_cap_is_shared_by_the_largest_remainders_the_earlier_first(cap, expected):
    plan = a_plan(("a", 5), ("b", 3), ("c", 2), cap=cap)
    assert tuple(quotas(plan, {"a": 9, "b": 9, "c": 9}).values()) == expected


def test_equal_remainders_go_to_the_stratum_named_earlier():
    sizes = dict.fromkeys("abc", 9)
    assert quotas(a_plan(("b", 1), ("a", 1), ("c", 1), cap=2), sizes) == {"b": 1, "a": 1, "c": 0}
