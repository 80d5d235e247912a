"""`GET /v1/subjects/{subject_id}/plates`: cases by vehicle, and nothing of it for the public."""

from __future__ import annotations

from shared.web.bounds import Bounds
from shared.web.keys import mint

from .conftest import NOW, SHOP, a_fact, a_head
from .test_http import ADDRESS, problem, site

__all__ = ["site"]
CASE = {
    "violation_code": "SP-03",
    "severity": "general",
    "occurred_on": "2026-02-02",
    "region": "320902001001",
    "officers": ["1", "2"],
}


def fill(site):
    facts = [*site.shelf.ledger[SHOP]]
    for number, (plate, day) in enumerate((("苏J12345", "02-03"), ("苏J54321", "02-04"), ("苏J12345", "02-05"))):
        data = {**CASE, "case_no": f"车-{number}", "decided_on": f"2026-{day}", "vehicle": plate}
        facts.append(a_fact(f"v-{number}", "case.decided", data))
    site.shelf.ledger[SHOP] = facts
    site.shelf.kept[SHOP] = a_head(facts, site.rulebooks)


def ask(site, headers=None, **query):
    return site.http.get(f"{ADDRESS}/plates", query_string=query, headers=headers or site.reader)


def test_cases_are_told_by_plate_those_that_count_most_first(site):
    fill(site)
    rows = ask(site).json["plates"]
    assert [(row["plate"], row["counted"]) for row in rows] == [
        ("苏J12345", "10.00"),
        ("苏J54321", "5.00"),
        (None, "5.00"),
    ]
    assert [case["ref"] for case in rows[0]["cases"]] == ["车-2", "车-0"]


def test_the_subject_itself_may_ask_and_no_other(site):
    keys = site.http.application.extensions["chengxin_access_keys"]
    for subject, status in ((SHOP, 200), ("shop:92320902MA1N00026Y-02", 403)):
        minted = mint()
        keys.created(minted.key_id, minted.key_hash, "", frozenset({"subject:read"}), NOW, Bounds(subject=subject))
        assert ask(site, {"Authorization": f"Bearer {minted.key}"}).status_code == status


def test_the_public_may_not(site):
    assert site.http.get(f"{ADDRESS}/plates").status_code == 401
    problem(ask(site, site.writer), 403, "scope-missing")


def test_the_same_cases_are_not_sent_twice(site):
    first = ask(site)
    assert first.headers["Cache-Control"] == "private, max-age=60, must-revalidate"
    known = {**site.reader, "If-None-Match": first.headers["ETag"]}
    assert ask(site, known).status_code == 304
    fill(site)
    assert ask(site, known).status_code == 200
