"""Pools as planners meet them over HTTP: what is filled in and counted, and what is refused by which field."""

from types import SimpleNamespace

import pytest

from services.draws.live import Live
from services.draws.pools.pools import Pools
from shared.clock import day_of
from tests.support.draws import LISTS, START, sources
from tests.support.shops import OTHER, RULEBOOKS, SHOP, Shelf, chosen, graded, inspected
from tests.unit.draws.http.conftest import Site, a_body

COUNTS = {"D": 1, "C": 1, "B": 0, "unrated": 0, "A": 0}


class People:
    """Inspectors enough."""

    def code(self, known_at, *, keep):
        return SimpleNamespace(inspector_codes=None, codes_sha256=None)

    def assemble(self, draw, pool, cases):
        return SimpleNamespace(roster=LISTS["roster.tsv"], recusals=b"", left_out=())


class LiveSite(Site):
    """A site whose pools are made of a register."""

    def __init__(self, log, clock):
        recent = [inspected(f"{subject}-1", day_of(START), subject=subject) for subject in (SHOP, OTHER)]
        self.subjects = Shelf([*graded("D"), *graded("C", OTHER), *recent], until=START)
        pools = Pools(self.subjects, lambda _: RULEBOOKS, lambda *_: {}, chosen, lambda: None)
        self.live = Live(pools, People())
        super().__init__(log, clock)

    def completed(self, plan, *, keep):
        return self.live.completed(plan, keep=keep)

    def assemble(self, draw):
        return self.live.assemble(draw)


@pytest.fixture
def site(log, clock):
    site = LiveSite(log, clock)
    yield site
    site.parts.stop()


def body(**more):
    without = {name: value for name, value in a_body(seed_sources=sources()).items() if name != "strata"}
    return {**without, **more}


def test_a_plan_is_made_whole_and_told_what_it_would_draw_from(site):
    answer = site.post("/v1/draws", body(draw_id="d-1"))
    assert answer.status_code == 201, answer.text
    plan, preview = answer.json["plan"], answer.json["preview"]
    assert plan["pool"]["clean_days"] == 180
    assert plan["strata"][0] == {"stratum": "D", "rate": "1"}
    assert {each["stratum"]: each["quota"] for each in preview["strata"]} == COUNTS
    frozen = site.done("freeze")
    assert {each["stratum"]: each["quota"] for each in frozen["strata"]} == COUNTS


@pytest.mark.parametrize(
    ("pool", "pointers"),
    [
        ({"clean_days": -1}, ["/pool/clean_days"]),
        ({"key_items": True, "clean_days": 1}, ["/pool/clean_days"]),
        ({"of": "cases"}, ["/pool/decided_from", "/pool/decided_until"]),
        ({"regions": ["32090"]}, ["/pool/regions/0"]),
        ({"subjects": [SHOP]}, ["/pool/subjects"]),
    ],
)
def test_a_bad_pool_is_refused_by_its_field(site, pool, pointers):
    answer = site.post("/v1/draws", body(pool={**body()["pool"], **pool}))
    assert (answer.status_code, answer.json["type"]) == (422, "urn:chengxin:problem:invalid")
    assert [each["pointer"] for each in answer.json["errors"]] == pointers


def test_a_stratum_that_no_pool_has_is_refused_at_the_planning(site):
    answer = site.post("/v1/draws", body(strata=[{"stratum": "E", "rate": "1"}]))
    assert (answer.status_code, answer.json["type"]) == (422, "urn:chengxin:problem:stratum-unknown")
    assert answer.json["known"] == ["A", "B", "C", "D", "unrated"]


def test_more_than_there_is_is_told_at_the_planning_and_refused_at_the_freeze(site):
    answer = site.post("/v1/draws", body(draw_id="d-1", strata=[{"stratum": "C", "count": 2}]))
    assert answer.status_code == 201
    assert answer.json["preview"]["problem"]["strata"] == [{"stratum": "C", "asked": 2, "there": 1}]
    assert site.act("freeze").json["type"] == "urn:chengxin:problem:too-few-subjects"


def test_a_register_that_lags_is_a_problem_of_its_own(site):
    site.subjects.applied_until = lambda: START.replace(year=2025)
    answer = site.post("/v1/draws", body(draw_id="d-1"))
    assert (answer.status_code, answer.json["type"]) == (409, "urn:chengxin:problem:not-applied-yet")
