"""Every refusal that is declared can be met over HTTP, and says what it is."""

from __future__ import annotations

import pytest

from services.draws import problems
from services.draws.audience import BUNDLE_SEALED
from services.draws.people.problems import KINDS as PEOPLES
from shared.web.applied import NOT_APPLIED_YET, REBUILDING
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED
from shared.web.problems import INVALID, NOT_FOUND, SCOPE_MISSING, UNAUTHENTICATED
from tests.support.draws import BEACON, DICE, START, VALUES, hours, sources
from tests.unit.draws.http.conftest import a_body


def planned(**more):
    return lambda site: site.post("/v1/draws", a_body(**more))


def without_public_source(site):
    body = a_body()
    del body["public_source"]
    return site.post("/v1/draws", body)


def twice(site):
    site.plan()
    return site.post("/v1/draws", a_body(draw_id="d-1"))


def moved_on(site):
    site.plan()
    site.done("freeze")
    return site.act("freeze", expected=1)


def out_of_order(site):
    site.plan()
    return site.act("run")


def replacing(commit):
    def act(site):
        site.plan("old")
        if commit:
            site.done("freeze", draw_id="old")
            site.plan("new", replaces={"draw_id": "old", "cause": "名录有误"})
        return site.post("/v1/draws", a_body(replaces={"draw_id": "old", "cause": "名录有误"}))

    return act


def frozen_with(**lists):
    def act(site):
        site.plan()
        site.lists |= {f"{name}.tsv": content for name, content in lists.items()}
        return site.act("freeze")

    return act


def frozen_as(**more):
    def act(site):
        site.plan(**more)
        return site.act("freeze")

    return act


def entered(source, value, after=3, by="clerk", before=()):
    """A seed value, so many hours after the plan."""

    def act(site):
        site.plan(by="both" if by == "both" else "planner")
        site.done("freeze")
        site.clock.now = START + hours(after)
        for name in before:
            site.done("seed", "clerk", source=name, value=VALUES[name])
        return site.act("seed", by, source=source, value=value)

    return act


def before_commitment(site):
    site.plan()
    return site.act("seed", "clerk", source=DICE, value="3-4")


def unwitnessed(site):
    other = type(site)(site.log, site.clock, draws_witnessed_only=True)
    try:
        body = a_body(draw_id="d-1")
        del body["public_source"]
        other.post("/v1/draws", body)
        other.done("freeze")
        other.clock.now = START + hours(3)
        return other.act("seed", "clerk", source=DICE, value="3-4")
    finally:
        other.parts.stop()


def abandoned_late(site):
    site.seeded()
    return site.act("abandon", cause="名录有误")


def proposed(**more):
    def act(site):
        site.drawn()
        return site.act("replacements", **more)

    return act


def confirmed(proposal=None, by="second", again=False):
    def act(site):
        site.drawn()
        subject = site.reading.draws.by_id["d-1"] and first(site)
        number = site.done("replacements", subject_id=subject, cause="已停业")["proposals"][0]["proposal"]
        if again:
            site.done("replacements", by, proposal=number)
        return site.act("replacements", by, proposal=proposal or number)

    return act


def first(site):
    from tests.unit.draws.http.test_course_over_http import selected

    return selected(site)[0]["subject_id"]


def early_publication(site):
    site.drawn()
    return site.act("publish", "publisher")


def telling_of_a_sealed_one(site):
    site.drawn("d-0")
    site.lists["excluded.tsv"] = b"shop:98\tdrawn-pending\n"
    known_at = site.clock.now.isoformat()
    window = {"from": "2026-11-09", "until": "2026-11-10"}
    site.plan(known_at=known_at, seed_sources=sources(site.clock.now), window=window)
    site.seeded(planned=True)
    site.done("run")
    site.clock.now += hours(24 * 10)
    return site.act("publish", "publisher")


def early_bundle(site):
    site.drawn()
    return site.get("/v1/draws/d-1/bundle.zip")


def reused(site):
    site.post("/v1/draws", a_body(), **{"Idempotency-Key": "k"})
    return site.post("/v1/draws", a_body(title="又一次"), **{"Idempotency-Key": "k"})


def ended(name, /, **body):
    def act(site):
        site.plan()
        return site.act(name, **body)

    return act


def abandoned_in_time_to_go_on(site):
    site.plan()
    site.done("freeze")
    site.clock.now = START + hours(3)
    site.done("seed", "clerk", source=DICE, value=VALUES[DICE])
    site.clock.now = START + hours(5)
    return site.act("abandon", cause="名录有误")


def a_round(number, not_before):
    source = {"name": f"drand quicknet round {number}", "not_before": not_before, "pattern": "[0-9a-f]{64}"}
    return {"seed_sources": [source], "public_source": source["name"]}


def weak(pattern):
    dice, beacon = sources()
    return {"seed_sources": [dice, {**beacon, "pattern": pattern}]}


FAR = {"window": {"from": "2027-01-06", "until": "2027-01-10"}}
REFUSALS = [
    (problems.DRAW_EXISTS, twice),
    (problems.DRAW_MOVED_ON, moved_on),
    (problems.OUT_OF_ORDER, out_of_order),
    (problems.PLAN_FORM, planned(draw_id="journal.ndjson")),
    (problems.PLAN_FORM, planned(panel=[{"department": "law", "count": 1}])),
    (problems.RATE_OUT_OF_RANGE, planned(strata=[{"stratum": "A", "rate": "1.5"}])),
    (problems.STRATUM_UNKNOWN, frozen_as(strata=[{"stratum": "Z", "count": 0}])),
    (problems.PUBLIC_SOURCE_MISSING, without_public_source),
    (problems.PUBLIC_SOURCE_NOT_LAST, planned(public_source=DICE)),
    (problems.SOURCE_PAST, planned(seed_sources=sources(START - hours(9)))),
    (problems.REPLACES_UNCOMMITTED, replacing(commit=False)),
    (problems.REPLACED_ALREADY, replacing(commit=True)),
    (problems.NO_CALENDAR, planned(**FAR, publish_by=None)),
    (problems.SOURCE_TIME, planned(**a_round(33565612, "2026-11-01T11:00:00+08:00"))),
    (problems.SOURCE_FEW_VALUES, planned(**weak("7"))),
    (problems.SOURCE_FEW_VALUES, planned(**weak("[a-a]{64}"))),
    (problems.SOURCE_FEW_VALUES, planned(**weak("[1-6]{7}"))),
    (problems.PUBLISH_BY_OUT_OF_RANGE, planned(publish_by="2027-11-01")),
    (problems.DOCUMENT_FORM, frozen_with(pool=b"not a line")),
    (problems.TOO_FEW_SUBJECTS, frozen_as(strata=[{"stratum": "A", "count": 9}])),
    (problems.TOO_FEW_INSPECTORS, frozen_with(roster=b"J1\tlaw\t320902\n")),
    (problems.SEED_BEFORE_COMMITMENT, before_commitment),
    (problems.SEED_UNWITNESSED, unwitnessed),
    (problems.SEED_BY_PLANNER, entered(DICE, "3-4", by="both")),
    (problems.SEED_SOURCE_UNKNOWN, entered("lottery", "3-4")),
    (problems.SEED_VALUE_STANDS, entered(DICE, "3-4", before=[DICE])),
    (problems.SEED_TOO_EARLY, entered(DICE, "3-4", after=1)),
    (problems.SEED_CLOSED, entered(DICE, "3-4", after=5)),
    (problems.SEED_VALUES_MISSING, entered(BEACON, VALUES[BEACON], after=5)),
    (problems.SEED_VALUE_EMPTY, entered(DICE, "")),
    (problems.SEED_VALUE_FORM, entered(DICE, "7-7")),
    (problems.SEED_IS_KNOWN, abandoned_late),
    (problems.SEED_IS_KNOWN, abandoned_in_time_to_go_on),
    (problems.WINDOW_OPEN, early_publication),
    (problems.EARLIER_DRAW_SEALED, telling_of_a_sealed_one),
    (problems.REPLACEMENT_REFUSED, proposed(subject_id="shop:zz", cause="已停业")),
    (problems.PROPOSAL_UNKNOWN, confirmed(proposal=99)),
    (problems.PROPOSAL_CONFIRMED, confirmed(again=True)),
    (problems.CONFIRMED_BY_PROPOSER, confirmed(by="planner")),
    (problems.CAUSE_FORM, ended("abandon", cause="")),
    (problems.CAUSE_FORM, ended("abandon", cause="当事人来电 13912345678")),
    (problems.CAUSE_FORM, proposed(subject_id="shop:01", cause="经营者 11010519491231002X 已去世")),
    (problems.WITNESS_FORM, ended("witnesses", role="notary", name="")),
    (BUNDLE_SEALED, early_bundle),
    (IDEMPOTENCY_KEY_REUSED, reused),
    (NOT_FOUND, lambda site: site.get("/v1/draws/d-1")),
    (NOT_FOUND, lambda site: site.act("run", draw_id="d-1", expected=1)),
    (UNAUTHENTICATED, lambda site: site.post("/v1/draws", a_body(), None)),
    (SCOPE_MISSING, lambda site: site.post("/v1/draws", a_body(), "clerk")),
    (SCOPE_MISSING, ended("publish")),
    (INVALID, planned(protocol="chengxin-draw/1")),
    (INVALID, planned(known_at="2026-11-01T09:00:01+08:00")),
    (INVALID, planned(as_of="2026-11-02")),
    (INVALID, planned(as_of="2026-10-24")),
    (INVALID, planned(known_at="2026-10-24T09:00:01+08:00")),
    (INVALID, planned(window={"from": "2026-11-09", "until": "9999-12-31"}, publish_by=None)),
    (problems.PLAN_FORM, planned(seed_sources=sources(START + hours(24 * 365 * 7900)))),
    (INVALID, planned(partners=[{"department": "fire", "confirm_by": "2026-11-03"}])),
    (INVALID, proposed(proposal=3, cause="已停业")),
    (INVALID, proposed(subject_id="shop:01")),
    (INVALID, lambda site: site.post("/v1/draws", a_body(), **{"Idempotency-Key": "k k"})),
]


@pytest.mark.parametrize(("kind", "act"), REFUSALS, ids=[f"{kind.code}-{n}" for n, (kind, _) in enumerate(REFUSALS)])
def test_what_is_refused_is_told_by_its_kind(site, kind, act):
    response = act(site)
    body = response.json
    assert (response.status_code, body["type"]) == (kind.status, kind.uri), body
    assert response.content_type == "application/problem+json"
    assert body["detail"]
    assert all(each["message"] and each["pointer"] != "/json" for each in body.get("errors", ()))


ELSEWHERE = {
    problems.RECUSAL_AFTER_FREEZE,
    problems.RECUSAL_STANDS,
    problems.DEPARTMENT_NO_PARTNER,
    problems.DEPARTMENT_CONFIRMED,
    problems.ITEM_UNKNOWN,
    problems.PARTNER_UNCONFIRMED,
    *PEOPLES,
    NOT_APPLIED_YET,
    REBUILDING,
}
"""Kinds whose routes, or whose register, have tests of their own."""


def test_every_kind_of_the_service_is_provoked(site):
    assert set(site.service.kinds) - {kind for kind, _ in REFUSALS} == ELSEWHERE
