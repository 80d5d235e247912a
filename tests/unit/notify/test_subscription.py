"""A subscriber is told if and only if what he may see has changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify import told
from services.notify.subscription import Subscription
from services.notify.told import Told, View, told_of
from shared.web.bounds import Bounds

HERE, THERE = "320902001001", "320903001001"


def a_told(region=HERE, kind="shop", internal="i1", public="p1", grade="A", offset=1):
    return Told(offset, kind, region, {"internal": View(internal, grade), "public": View(public, grade)})


def a_subscription(**more):
    return Subscription("s" * 32, "0a1b2c3d4e5f", "https://example.cn/", **{"ledger": "public", **more})


@pytest.mark.parametrize(
    ("before", "after", "subscription", "bounds", "said"),
    [
        (None, {}, {}, (), "subject.changed"),
        ({}, {"public": "p2"}, {}, (), "subject.changed"),
        ({}, {"internal": "i2"}, {}, (), None),
        ({}, {"internal": "i2"}, {"ledger": "internal"}, (), "subject.changed"),
        ({}, {"public": "p2"}, {"only_grades": True}, (), None),
        ({}, {"public": "p2", "grade": "B"}, {"only_grades": True}, (), "subject.changed"),
        ({}, {"public": "p2"}, {"kinds": ("hauler",)}, (), None),
        ({}, {"public": "p2"}, {"kinds": ("hauler", "shop")}, (), "subject.changed"),
        ({}, {"public": "p2"}, {"regions": ("320903",)}, (), None),
        ({}, {"region": THERE}, {"regions": ("320902",)}, (), "subject.removed"),
        ({"region": THERE}, {}, {"regions": ("320902",)}, (), "subject.changed"),
        ({}, {"region": THERE}, {}, ("320902",), "subject.removed"),
        ({"region": THERE}, {"region": THERE, "public": "p2"}, {}, ("320902",), None),
        ({}, {"region": None, "public": "p2"}, {}, ("320902",), "subject.removed"),
        (None, {"region": None}, {}, ("320902",), None),
    ],
)
def test_who_is_told_of_what(before, after, subscription, bounds, said):
    was = None if before is None else a_told(**before)
    assert a_subscription(**subscription).change(was, a_told(**after), Bounds(regions=bounds)) == said


STATES = st.builds(
    a_told,
    region=st.sampled_from([HERE, THERE, None]),
    internal=st.sampled_from("ab"),
    public=st.sampled_from("ab"),
    grade=st.sampled_from(["A", "B", None]),
)
SUBSCRIPTIONS = st.builds(
    a_subscription,
    ledger=st.sampled_from(["internal", "public"]),
    regions=st.sampled_from([(), ("3209",), ("320902",)]),
)


@given(st.lists(STATES, min_size=1, max_size=8), SUBSCRIPTIONS, st.sampled_from([(), ("320902",)]))
def test_a_copy_made_of_what_was_told_is_what_the_subscriber_sees(states, subscription, regions):
    bounds = Bounds(regions=regions)
    copy, before = None, None
    for state in states:
        change = subscription.change(before, state, bounds)
        if change is not None:
            copy = state.views[subscription.ledger].digest if change == "subject.changed" else None
        sees = subscription.covers(state, bounds)
        assert copy == (state.views[subscription.ledger].digest if sees else None)
        before = state


def test_what_is_remembered_is_read_again():
    for state in (a_told(), a_told(region=None, grade=None)):
        assert told.decode(state.encode()) == state


STATE = {
    "subject_id": "shop:92320902MA1N00026Y-01",
    "kind": "shop",
    "registration": {"name": "李记", "region": HERE, "status": "open"},
    "rulebook": None,
    "due_on": "2026-12-01",
    "internal": {"score": "90.00", "grade": "B", "basis": "scored", "next_change_on": None, "disputed": False},
    "public": {"grade": "B", "next_change_on": None, "disputed": False},
}


def test_what_nobody_sees_changes_no_digest():
    first, bodies = told_of(STATE, 1)
    assert first == told_of({**STATE, "due_on": "2027-01-01"}, 1)[0]
    assert "score" not in bodies["public"]
    other, _ = told_of({**STATE, "internal": {**STATE["internal"], "score": "89.00"}}, 2)
    assert other.views["public"] == first.views["public"]
    assert other.views["internal"].digest != first.views["internal"].digest
