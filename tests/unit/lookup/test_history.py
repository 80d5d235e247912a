"""`GET /v1/subjects/{subject_id}/history`, for each audience and by pages."""

from __future__ import annotations

import pytest

from .test_http import ADDRESS, problem, site

__all__ = ["site"]


def ask(site, headers=None, **query):
    return site.http.get(f"{ADDRESS}/history", query_string=query, headers=headers or {})


def told(response):
    return [(turn["on"], [(c["type"], c["change"]) for c in turn["causes"]]) for turn in response.json["turns"]]


def test_enforcement_sees_what_turned_the_score_and_what_it_was_from_then_on(site):
    response = ask(site, site.reader)
    assert told(response) == [
        ("2026-02-10", [("finding", "begins")]),
        ("2026-02-01", [("case", "begins")]),
        ("2026-01-01", [("rulebook", "begins")]),
    ]
    assert [turn["score"] for turn in response.json["turns"]] == ["90.00", "95.00", "100.00"]
    assert response.json["turns"][0]["causes"][0]["counted"] == "5.00"


def test_a_day_to_come_shows_what_ends_by_then(site):
    turns = told(ask(site, site.reader, as_of="2027-06-01"))
    assert ("2027-02-10", [("finding", "expired")]) in turns
    assert ("2027-02-01", [("case", "expired")]) in turns


def test_the_public_is_told_when_what_is_public_today_began_and_no_more(site):
    response = ask(site)
    assert told(response) == [("2026-02-01", [("case", "begins")])]
    assert "score" not in response.text
    assert "grade" not in response.text
    problem(ask(site, as_of="2026-02-28"), 403, "past-not-public")


def test_pages_give_every_turn_once(site):
    whole, seen, cursor = told(ask(site, site.reader)), [], None
    while True:
        page = ask(site, site.reader, limit=1, **({"cursor": cursor} if cursor else {}))
        seen += told(page)
        if (cursor := page.json["next"]) is None:
            break
        assert 'rel="next"' in page.headers["Link"]
    assert seen == whole


@pytest.mark.parametrize(("name", "value"), [("cursor", "x"), ("cursor", "eHg="), ("limit", "0"), ("as_of", "1")])
def test_what_was_asked_wrongly_is_named(site, name, value):
    wrong = problem(ask(site, site.reader, **{name: value}), 422, "invalid")
    assert [each["pointer"] for each in wrong["errors"]] == [f"/query/{name}"]
