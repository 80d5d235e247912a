"""What a state files its subject under: no more than its audience may see, in every way it may be asked for."""

from __future__ import annotations

import pytest

from services.lookup.directory import UNREGISTERED, filed, pieces, plain

REGISTERED = {"name": "李记土菜馆", "region": "320902001001", "status": "open"}
INSIDE, OUTSIDE = {"score": "90.00", "grade": "B"}, {"score": "95.00", "grade": "A"}


def a_state(*, registration=REGISTERED, internal=INSIDE, public=OUTSIDE):
    return {"subject_id": "shop:1", "registration": registration, "internal": internal, "public": public}


def test_a_registered_subject_is_filed_in_its_county_under_all_that_it_may_be_asked_by():
    county, facets = filed(a_state())
    assert county == "320902"
    assert facets == {
        *("all", "is:open", "in:320902001", "in:320902001001", "internal:B", "public:A"),
        *("name:李记", "name:记土", "name:土菜", "name:菜馆"),
    }


def test_a_grade_that_the_public_may_not_see_files_nothing():
    assert "public:A" not in filed(a_state(public={"score": "95.00"})).facets
    assert not [facet for facet in filed(a_state(public={"score": "95.00"})).facets if facet.startswith("public")]


def test_without_evidence_or_a_rulebook_there_is_no_grade():
    assert not [facet for facet in filed(a_state(internal={"grade": None}, public=None)).facets if ":A" in facet]
    assert filed(a_state(internal={"grade": None}, public=None)).facets >= {"all", "is:open"}


def test_what_no_register_has_named_yet_is_filed_all_the_same():
    assert filed(a_state(registration=None)) == (UNREGISTERED, {"all", "internal:B", "public:A"})


def test_nothing_new_is_known_of_a_subject_that_a_fault_of_ours_failed_on():
    assert filed({"subject_id": "shop:1", "kind": "shop", "failed": "0.1.0"}) is None


@pytest.mark.parametrize(
    ("name", "searched"),
    [("李记（解放路店）", "李记解放路店"), ("ＫＦＣ 2号", "kfc2号"), ("A·B", "ab"), ("①号", "1号"), ("——", "")],
)
def test_a_name_is_searched_half_width_in_lower_case_and_without_marks(name, searched):
    assert plain(name) == searched


def test_pairs_of_a_name():
    assert pieces("土菜馆") == {"土菜", "菜馆"}
    assert pieces("馆") == pieces("") == set()
