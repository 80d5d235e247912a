"""A file review 案卷评查 from plan to bundle: who reviews is told which case it is, and nobody else ever."""

from __future__ import annotations

import io
import zipfile

import pytest

from services.draws.codes import code_of
from services.draws.live import Live
from services.draws.pools.pending import pending
from services.draws.pools.pools import Pools
from shared.clock import day_of
from tests.support.draws import START, sources
from tests.support.people import upserted
from tests.support.shops import OTHER, RULEBOOKS, Shelf, chosen, decided, revoked
from tests.unit.draws.http.conftest import Site, a_body

DAYS = {"decided_from": "2026-07-01", "decided_until": "2026-10-31"}
CASES = {"of": "cases", "kind": "shop", "regions": ["320902"], **DAYS}
NUMBERS = ("一号", "二号", "三号", "四号")


class Review(Site):
    """A site whose pool is cases and whose roster is people, with codes for both."""

    def __init__(self, log, clock):
        super().__init__(log, clock)
        facts = [decided("一号"), decided("二号", severity="minor", subject=OTHER), decided("三号"), revoked("三号")]
        self.cases = Shelf([*facts, decided("四号", severity="serious")], until=START)
        self.pools = Pools(self.cases, lambda _: RULEBOOKS, self.pending, chosen, lambda: None)
        self.shelf.give(*(upserted(each, region="320902001003") for each in ("J-1", "J-2", "J-3", "J-4")))

    def pending(self, as_of, known_at):
        draws = self.reading.draws.by_id
        return pending(draws, self.reading.journal.lines, self.parts.documents.get, as_of, known_at)

    @property
    def live(self):
        return Live(self.pools, self.staff.people)

    def completed(self, plan, *, keep):
        return self.live.completed(plan, keep=keep)

    def assemble(self, draw):
        return self.live.assemble(draw)

    def plan(self, draw_id="d-1", by="planner", **more):
        body = a_body(draw_id=draw_id, pool=CASES, panel=[{"department": "*", "count": 2}], **more)
        response = self.post("/v1/draws", body | {"strata": [{"stratum": each, "rate": "1"} for each in STRATA]}, by)
        assert response.status_code == 201, response.text
        return response.json

    def assignments(self):
        return self.get("/v1/assignments?draw_id=d-1", "planner").json["assignments"]


STRATA = ("minor", "general", "serious")


@pytest.fixture
def site(log, clock):
    log.create("t.registry.v1", 1)
    site = Review(log, clock)
    yield site
    site.parts.stop()


def test_no_number_of_a_case_is_in_what_is_public_for_ever(site):
    site.published()
    files = zipfile.ZipFile(io.BytesIO(site.get("/v1/draws/d-1/bundle.zip").data))
    public = "".join(files.read(name).decode() for name in files.namelist())
    public += site.get("/v1/draws/d-1").text + site.get("/journal.ndjson").text + site.get("/v1/draws/d-1/served").text
    assert "revoked" in public
    assert not [number for number in NUMBERS if number in public]


def test_reviewers_are_told_their_cases_with_the_proof(site):
    site.drawn()
    told = site.assignments()
    assert {each["case"]["id"] for each in told} == {"case:一号", "case:二号", "case:四号"}
    assert all(code_of(each["case"]["id"], each["case"]["salt"]) == each["subject_id"] for each in told)
    assert site.get("/v1/assignments?draw_id=d-1").status_code == 401


def test_a_calendar_names_the_case(site):
    site.drawn()
    one = next(each for each in site.assignments() if each["case"]["id"] == "case:一号")
    text = site.get(f"/v1/assignments.ics?inspector_id={one['inspector_id']}", "planner").text
    assert "抽查 case:一号" in text


def test_a_recusal_from_a_case_is_committed_by_its_code(site):
    site.plan(seed_sources=sources(site.clock.now))
    for inspector_id in ("J-1", "J-2"):
        site.done("recusals", inspector_id=inspector_id, subject_id="case:一号", reason="relative")
    site.seeded(planned=True)
    site.done("run")
    reviewers = {each["inspector_id"] for each in site.assignments() if each["case"]["id"] == "case:一号"}
    assert reviewers == {"J-3", "J-4"}


def test_who_is_kept_from_a_subject_reviews_none_of_its_cases(site):
    kept_away = {"region": "320902001003", "recused_from": [OTHER]}
    later = "2026-05-02T10:00:00+08:00"
    site.shelf.give(*(upserted(each, later, **kept_away) for each in ("J-1", "J-2")))
    site.drawn()
    reviewers = {each["inspector_id"] for each in site.assignments() if each["case"]["id"] == "case:二号"}
    assert reviewers == {"J-3", "J-4"}


def test_a_case_under_review_is_not_drawn_again(site):
    site.drawn()
    site.cases.until = site.clock.now
    now = site.clock.now
    site.plan("d-2", seed_sources=sources(now), known_at=now.isoformat(), as_of=day_of(now).isoformat())
    told = {each["code"]: each["number"] for each in site.done("freeze", draw_id="d-2")["excluded"]}
    assert told == {"revoked": 1, "drawn-pending": 3}


def test_what_a_sealed_draw_has_selected_cannot_be_asked_for_without_a_trace(site):
    site.drawn()
    site.cases.until = now = site.clock.now
    when = {"seed_sources": sources(now), "known_at": now.isoformat(), "as_of": day_of(now).isoformat()}
    strata = [{"stratum": each, "rate": "1"} for each in STRATA]
    body = a_body(draw_id="d-2", pool=CASES, panel=[{"department": "*", "count": 2}], **when) | {"strata": strata}
    told = site.post("/v1/draws?validate=true", body).json["preview"]
    assert (told["feasible"], set(told)) == (None, {"feasible", "withheld"})
    planned = site.post("/v1/draws", body).json
    assert {each["code"] for each in planned["preview"]["excluded"]} == {"revoked", "drawn-pending"}
    assert site.get("/v1/draws/d-2").json["phase"] == "planned"


def test_too_few_reviewers_are_told_by_the_case_not_by_a_code(site):
    site.plan(seed_sources=sources(site.clock.now))
    for inspector_id in ("J-1", "J-2", "J-3"):
        site.done("recusals", inspector_id=inspector_id, subject_id="case:二号", reason="relative")
    refused = site.act("freeze")
    assert (refused.status_code, refused.json["subjects"]) == (422, ["case:二号"])
