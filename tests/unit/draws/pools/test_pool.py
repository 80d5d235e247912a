"""What a planner may ask of a pool, what is filled in, and what is refused by which field."""

from datetime import date

import pytest

from services.draws.pools.defaults import VISITS_PER_YEAR
from services.draws.pools.pool import CasePool, pool_of
from services.draws.pools.schemas import VisitsSchema
from shared.web.problems import ProblemError
from tests.support.shops import AS_OF

SUBJECTS = {"of": "subjects", "kind": "shop", "regions": ["320902"]}
CASES = {**SUBJECTS, "of": "cases", "decided_from": "2026-07-01", "decided_until": "2026-09-30"}


def test_the_plan_says_what_was_left_out():
    assert pool_of(SUBJECTS, AS_OF).keys() == {
        **SUBJECTS,
        "key_items": False,
        "clean_days": 180,
        "clean_days_not_for": ["D"],
        "visits_per_year": {"A": 1, "B": 1, "C": 2, "D": 4, "unrated": 1},
    }


def test_of_key_items_no_limits_are_said():
    assert pool_of({**SUBJECTS, "key_items": True}, AS_OF).keys() == {**SUBJECTS, "key_items": True}


def test_regions_are_said_shortest_each_once_in_order():
    regions = ["320903", "320902000000", "320902"]
    assert pool_of({**SUBJECTS, "regions": regions}, AS_OF).regions == ("320902", "320903")


@pytest.mark.parametrize(
    "asked",
    [
        SUBJECTS,
        {**SUBJECTS, "key_items": True},
        {**SUBJECTS, "clean_days": 0, "clean_days_not_for": ["D", "C"], "visits_per_year": {"A": 3}},
        CASES,
    ],
)
def test_what_the_plan_says_is_read_as_the_same_pool(asked):
    pool = pool_of(asked, AS_OF)
    assert pool_of(pool.keys(), AS_OF) == pool


def test_cases_are_of_days():
    assert pool_of(CASES, AS_OF) == CasePool("shop", ("320902",), date(2026, 7, 1), date(2026, 9, 30))


def test_every_grade_of_the_defaults_can_be_given():
    assert list(VisitsSchema().fields) == list(VISITS_PER_YEAR)


@pytest.mark.parametrize(
    ("asked", "pointers"),
    [
        ([], ["/pool"]),
        ({}, ["/pool/of", "/pool/kind", "/pool/regions"]),
        ({**SUBJECTS, "of": "inspectors"}, ["/pool/of"]),
        ({**SUBJECTS, "kind": "bank"}, ["/pool/kind"]),
        ({**SUBJECTS, "regions": []}, ["/pool/regions"]),
        ({**SUBJECTS, "regions": ["32090"]}, ["/pool/regions/0"]),
        ({**SUBJECTS, "regions": ["3209٠2"]}, ["/pool/regions/0"]),
        ({**SUBJECTS, "regions": ["320902"] * 2}, ["/pool/regions"]),
        ({**SUBJECTS, "key_items": 1}, ["/pool/key_items"]),
        ({**SUBJECTS, "clean_days": -1}, ["/pool/clean_days"]),
        ({**SUBJECTS, "clean_days_not_for": ["E"]}, ["/pool/clean_days_not_for/0"]),
        ({**SUBJECTS, "visits_per_year": {"A": 0}}, ["/pool/visits_per_year/A"]),
        ({**SUBJECTS, "visits_per_year": {"E": 1}}, ["/pool/visits_per_year/E"]),
        ({**SUBJECTS, "subjects": ["shop:1"]}, ["/pool/subjects"]),
        ({**SUBJECTS, "decided_from": "2026-07-01"}, ["/pool/decided_from"]),
        ({**SUBJECTS, "key_items": True, "clean_days": 0}, ["/pool/clean_days"]),
        ({**SUBJECTS, "key_items": True, "visits_per_year": {}}, ["/pool/visits_per_year"]),
        ({**CASES, "key_items": False}, ["/pool/key_items"]),
        ({**SUBJECTS, "of": "cases"}, ["/pool/decided_from", "/pool/decided_until"]),
        ({**CASES, "decided_until": "2026-10-01"}, ["/pool/decided_until"]),
        ({**CASES, "decided_until": "2026-06-30"}, ["/pool/decided_until"]),
        ({**CASES, "decided_until": "2026-06-31"}, ["/pool/decided_until"]),
    ],
)
def test_every_fault_names_its_field(asked, pointers):
    with pytest.raises(ProblemError) as refused:
        pool_of(asked, AS_OF)
    assert (refused.value.kind.code, refused.value.kind.status) == ("invalid", 422)
    assert [fault.pointer for fault in refused.value.errors] == pointers
