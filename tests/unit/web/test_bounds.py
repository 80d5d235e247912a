from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.web.access import AccessKey
from shared.web.bounds import Bounds, bound_faults
from shared.web.key_making import NewKey
from shared.web.key_rotation import NotRotatable, successor_of
from shared.web.problems import ProblemError

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_without_bounds_everything_is_covered():
    bounds = Bounds()
    assert bounds.covers_region(None)
    assert bounds.covers_region("110000000000")
    assert bounds.covers_source("urn:any")


def test_a_region_is_covered_by_its_own_prefix_alone():
    bounds = Bounds(regions=("320902", "320903001"))
    assert bounds.covers_region("320902001001")
    assert bounds.covers_region("320903001")
    assert not bounds.covers_region("320903")
    assert not bounds.covers_region("320903002001")


def test_what_has_no_region_lies_within_no_bound():
    assert not Bounds(regions=("320902",)).covers_region(None)


@pytest.mark.parametrize(
    ("scopes", "bounds", "pointers"),
    [
        ({"events:write"}, Bounds(("320902",), ("urn:a",)), []),
        ({"subject:read"}, Bounds(subject="shop:92320902MA1N00026Y"), []),
        ({"admin", "events:write"}, Bounds(("320902",)), ["/regions"]),
        ({"rulebooks:publish"}, Bounds(("320902",)), ["/regions"]),
        ({"events:write", "scores:read"}, Bounds((), ("urn:a",)), ["/sources"]),
        ({"events:write"}, Bounds(("3209021",)), ["/regions/0"]),
        ({"subject:read"}, Bounds(), ["/scopes"]),
        ({"subject:read", "scores:read"}, Bounds(subject="shop:92320902MA1N00026Y"), ["/scopes"]),
        ({"scores:read"}, Bounds(subject="shop:92320902MA1N00026Y"), ["/subject"]),
        ({"assignments:read", "draws:file"}, Bounds(subject="inspector:J-1"), []),
        ({"draws:file"}, Bounds(subject="department:fire"), []),
        ({"draws:file"}, Bounds(), ["/scopes"]),
        ({"assignments:read"}, Bounds(subject="department:fire"), ["/subject"]),
        ({"draws:file"}, Bounds(subject="shop:92320902MA1N00026Y"), ["/subject"]),
        ({"subject:read"}, Bounds(subject="inspector:J-1"), ["/subject"]),
        ({"subject:read", "assignments:read"}, Bounds(subject="inspector:J-1"), ["/subject"]),
        ({"draws:file", "draws:plan"}, Bounds(subject="inspector:J-1"), ["/scopes"]),
    ],
)
def test_a_bound_that_nothing_would_keep_is_refused(scopes, bounds, pointers):
    assert [fault.pointer for fault in bound_faults(scopes, bounds)] == pointers


def a_key(key_id, **more):
    return AccessKey(key_id, "", "portal", frozenset({"scores:read"}), NOW, bounds=Bounds(("320902",)), **more)


def test_a_successor_may_the_same_and_names_whom_it_replaces():
    old = a_key("0" * 12, expires=NOW + timedelta(days=9))
    assert successor_of(old, [old], NOW, "key:a") == NewKey(
        old.scopes, old.label, old.bounds, old.expires, old.key_id, "key:a"
    )


def test_two_keys_live_at_most():
    old, new = a_key("0" * 12), a_key("1" * 12, replaces="0" * 12)
    for each in (old, new):
        with pytest.raises(NotRotatable, match="both valid"):
            successor_of(each, [old, new], NOW)


def test_after_the_former_is_revoked_the_next_may_be_made():
    old, new = a_key("0" * 12, revoked=NOW), a_key("1" * 12, replaces="0" * 12)
    assert successor_of(new, [old, new], NOW).replaces == new.key_id


def test_a_key_that_is_not_valid_has_no_successor():
    with pytest.raises(NotRotatable, match="not valid"):
        successor_of(a_key("0" * 12, expires=NOW), [], NOW)


@pytest.mark.parametrize("region", ["", "32", "320902", "320902001"])
def test_a_region_that_meets_the_bounds_is_asked_for_within_them(region):
    Bounds(regions=("320902",)).refuse_foreign(region)
    Bounds().refuse_foreign(region)


def test_a_region_apart_from_them_is_refused():
    with pytest.raises(ProblemError):
        Bounds(regions=("320902",)).refuse_foreign("320903")
