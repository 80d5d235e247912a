import copy
import hashlib

import pytest

from shared.credit.rulebook import RulebookError
from shared.credit.rulebook_form import parse
from shared.rulebooks import document
from shared.rulebooks.difference import Change, compare
from shared.rulebooks.flat import Rule
from shared.rulebooks.loader import SHIPPED, load_bytes

NOT_KEPT = {"id", "version"}
"""What names a version is no difference of its rules; `name` of a commendation is kept nowhere, see below."""


def book(text):
    return load_bytes(text.encode(), "x.yaml")


def changed(small, second, *changes):
    for change in changes:
        assert change[0] in second
        second = second.replace(*change)
    return compare(book(small), book(second))


def rules(difference):
    return {(change.rule.code, change.rule.field): (change.old, change.new) for change in difference.changes}


def test_equal_rules_differ_in_their_days_only(small, second):
    difference = changed(small, second)
    assert rules(difference) == {
        (None, "published_on"): ("2025-12-01", "2026-05-01"),
        (None, "effective_from"): ("2026-01-01", "2026-06-01"),
    }
    assert difference.faults == difference.warnings == difference.added == difference.removed == []


def test_points_months_grades_and_caps(small, second):
    difference = changed(
        small,
        second,
        ("general: '4'", "general: '6.5'"),
        ("{minor: 3,", "{minor: 4,"),
        ("from: '80'", "from: '85'"),
        ("caps_grade: null", "caps_grade: B"),
    )
    found = rules(difference)
    assert found["X-1", "points.general"] == ("4.00", "6.50")
    assert found["X-1", "lasts_months.minor"] == (3, 4)
    assert found["X-1", "caps_grade"] == (None, "B")
    assert found[None, "grades.A.from"] == ("80.00", "85.00")
    assert len(found) == 6


def test_a_violation_that_is_new_is_one_row(small, second):
    added = second + second[second.index("    - code: X-1") :].replace("X-1", "X-2").replace("null", "B")
    difference = compare(book(small), book(added.replace("repeat: B", "repeat: null")))
    assert difference.added == [("shop", "X-2")]
    assert difference.changes[-1] == Change(
        Rule("shop", "X-2", "violation"),
        None,
        "违规: minor 2.00 for 3 months, general 4.00 for 12 months, caps at B",
    )
    assert difference.faults == []


def test_one_that_is_left_out_is_a_row_and_a_fault(small, second):
    difference = changed(small, second, ("X-1", "X-2"))
    assert difference.removed == [("shop", "X-1")]
    assert difference.added == [("shop", "X-2")]
    assert "kinds.shop.violations: must keep X-1 minor of version 1; points '0' abolish it" in difference.faults


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("{minor: 3,", "{minor: 6,"), "X-1: fewer points than before for minor, but for longer"),
        (("caps_grade: null", "caps_grade: B"), "X-1: fewer points than before for minor, but a new cap"),
    ],
)
def test_fewer_points_that_are_no_relief_are_warned_of(small, second, change, expected):
    difference = changed(small, second, ("minor: '2'", "minor: '1'"), change)
    assert [warning.split(": ", 1)[1] for warning in difference.warnings] == [expected]
    assert difference.faults == []


def test_backwards_is_a_fault_and_is_compared_all_the_same(small, second):
    difference = compare(book(second), book(small))
    assert difference.faults[0] == "version: must be higher than 2"
    assert len(difference.changes) == 2


def test_renamed_grades_are_faults_and_break_nothing(small, second):
    older = small.replace("caps_grade: null", "caps_grade: B")
    newer = second.replace("grade: B", "grade: Z").replace("caps_grade: null", "caps_grade: Z")
    difference = compare(book(older), book(newer.replace("minor: '2'", "minor: '1'")))
    assert any("must have the names of version 1" in fault for fault in difference.faults)


def test_other_rulebooks_are_not_compared(small, second):
    with pytest.raises(ValueError, match="different rulebooks"):
        compare(book(small), book(second.replace("id: small", "id: other")))


def leaves(value, at=()):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*at, index))
    else:
        yield at


def another(value):
    """Values near this one, of which the form takes at least one nearly everywhere."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if value is None:
        return ["B"]
    kinds = {"rolling": "calendar_year", "calendar_year": "rolling", "D": "C", "serious": "general"}
    return [kinds[value]] if value in kinds else [f"{value}1", f"0.1{value[-1:]}", f"1{value}"]


@pytest.mark.parametrize("name", ["shop-credit-v2", "sanitation-credit-v2", "hauler-credit-v2"])
def test_whatever_is_changed_in_a_rulebook_is_a_row(name):
    content = (SHIPPED / f"{name}.yaml").read_bytes()
    whole = document.read(content, name).value
    before = parse(whole, hashlib.sha256(content).hexdigest())
    tried = 0
    for place in leaves(whole):
        if place[0] in NOT_KEPT or (place[-1] == "name" and "commendations" in place):
            continue  # a commendation's name is for readers of the file: no rulebook in memory has it
        for value in another(_at(whole, place)):
            mutant = copy.deepcopy(whole)
            _at(mutant, place[:-1])[place[-1]] = value
            try:
                after = parse(mutant, "0" * 64)
            except RulebookError:
                continue
            if value != _at(whole, place):
                assert compare(before, after).changes, (place, value)
                tried += 1
                break
    assert tried > 300


def _at(value, place):
    for key in place:
        value = value[key]
    return value
