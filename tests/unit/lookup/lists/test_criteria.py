"""What a list is asked for: how the directory finds it, and what a subject's own answer is held against."""

from __future__ import annotations

import pytest

from services.lookup.directory import UNREGISTERED, filed
from services.lookup.lists.criteria import Criteria

BODY = {
    "subject_id": "shop:92320902MA1N00026Y-01",
    "kind": "shop",
    "name": "李记土菜馆",
    "region": "320902001001",
    "status": "open",
    "grade": "B",
}
NOBODY = BODY | {"name": None, "region": None, "status": None}

HELD = [
    {},
    {"name": "土菜"},
    {"name": "李 记"},
    {"code": "92320902MA1N00026Y"},
    {"code": "9232"},
    {"kind": "shop"},
    {"kind": "shop", "code": "92"},
    {"region": "32"},
    {"region": "3209"},
    {"region": "320902"},
    {"region": "320902001"},
    {"region": "320902001001"},
    {"grade": "B"},
    {"status": "open"},
]
NOT_HELD = [
    {"name": "土馆"},
    {"name": "菜馆大"},
    {"code": "9133"},
    {"code": "320902MA1N00026Y"},
    {"kind": "hauler"},
    {"region": "3207"},
    {"region": "320902002"},
    {"grade": "A"},
    {"status": "closed"},
    {"name": "土菜", "grade": "A"},
]


def finds(criteria, body):
    """Whether the directory's walks would come to a subject, by what it is filed under."""
    registered = {name: body[name] for name in ("name", "region", "status")}
    state = {"registration": registered, "internal": {"grade": body.get("grade")}, "public": None}
    county, facets = filed(state)
    begins = body["subject_id"].startswith(tuple(criteria.beginnings()))
    return criteria.covers(county) and begins and facets.issuperset(criteria.facets())


@pytest.mark.parametrize("asked", HELD)
def test_what_holds_is_found_and_held(asked):
    criteria = Criteria("internal", **asked)
    assert criteria.hold(BODY)
    assert finds(criteria, BODY)


@pytest.mark.parametrize("asked", NOT_HELD)
def test_what_does_not_hold_is_not_held(asked):
    assert not Criteria("internal", **asked).hold(BODY)


@pytest.mark.parametrize("asked", [*HELD, *NOT_HELD, {"name": "记记土"}])
def test_an_answer_is_found_by_what_the_directory_s_walks_would_find_it_by(asked):
    body = BODY | {"name": "李记记土菜馆，记土记记"}
    criteria = Criteria("internal", **asked)
    assert criteria.find(body) == finds(criteria, body)


@pytest.mark.parametrize("asked", [{"name": "土菜"}, {"region": "32"}, {"status": "open"}])
def test_what_is_not_registered_has_no_name_no_region_and_no_status(asked):
    assert not Criteria("internal", **asked).hold(NOBODY)


def test_what_is_not_registered_is_found_where_none_of_these_is_asked():
    assert Criteria("internal").hold(NOBODY)
    assert Criteria("internal").covers(UNREGISTERED)


def test_a_grade_is_that_of_the_ledger_and_of_none_that_is_hidden():
    assert Criteria("public", grade="B").facets() == ["public:B"]
    hidden = {name: value for name, value in BODY.items() if name != "grade"}
    assert not Criteria("public", grade="B").hold(hidden)


def test_a_code_is_looked_for_in_every_kind():
    assert Criteria("public", code="92").beginnings() == ["shop:92", "sanitation:92", "hauler:92"]
