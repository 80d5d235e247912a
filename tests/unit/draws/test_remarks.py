"""What a preview says of a plan that the protocol allows, and a planner may not have meant."""

import pytest

from services.draws.assembling import Lists
from services.draws.freezing import freezable
from services.draws.plans.remarks import remarks
from shared.credit.canonical import canonical
from shared.draw.plan import parse_plan
from tests.support.draws import BEACON, LISTS, a_plan, sources

OURS = {"protocol": "chengxin-draw/1", "draw_id": "d-1", "journal": "0" * 64, "public_source": BEACON}
ALL = {"pool": {"regions": ["320902"]}, "roster": {"regions": ["3209"]}}
HALF = [{"stratum": "A", "rate": "0.5"}]


def codes(lists=LISTS, **more):
    plan = parse_plan(canonical(a_plan(**{**OURS, **ALL, **more})))
    lists = Lists(lists, ("A", "C"))
    return [each.code for each in remarks(freezable(plan, lists), lists)]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, []),
        ({"seed_sources": sources()[1:]}, ["seed-of-public-values"]),
        ({"strata": HALF}, ["strata-not-named"]),
        ({"cap": 1}, ["stratum-without-quota"]),
        ({"cap": 0}, ["nobody-drawn"]),
        ({"strata": []}, ["nobody-drawn"]),
        ({"pool": {"regions": ["320902", "110101"]}}, ["pool-region-empty"]),
        ({"roster": {"regions": ["320902", "1101"]}}, ["roster-region-empty"]),
    ],
)
def test_a_planner_is_told(more, said):
    assert codes(**more) == said


def test_nobody_to_draw_from_is_told():
    assert codes({**LISTS, "pool.tsv": b""}, strata=HALF) == ["nobody-drawn", "pool-region-empty"]
