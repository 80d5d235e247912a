"""What everybody is told of deadlines and fairness over HTTP, and what only those who work at draws are."""

from __future__ import annotations

import json

from tests.support.draws import BEACON, DICE, hours, sources
from tests.support.people import completed


def chances(site, **headers):
    return site.get("/v1/draws/d-1/probabilities", **headers)


def test_probabilities_are_public_from_the_freeze_on_and_never_change(site):
    assert chances(site).status_code == 404
    site.plan()
    refused = chances(site)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:chengxin:problem:draw-out-of-order")
    site.done("freeze")
    first = chances(site)
    assert first.json == {
        "draw_id": "d-1",
        "commitment": site.get("/v1/draws/d-1").json["commitment"],
        "strata": [
            {"stratum": "C", "size": 4, "quota": 2, "fraction": "2/4", "probability": "0.5000"},
            {"stratum": "A", "size": 8, "quota": 2, "fraction": "2/8", "probability": "0.2500"},
        ],
        "subjects": 12,
        "drawn": 4,
        "not_named": 0,
    }
    assert chances(site, **{"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_draws_that_are_late_are_listed_for_everybody(site):
    site.drawn("late")
    site.plan("early", seed_sources=sources(site.clock.now))
    assert "publish_by" not in site.get("/v1/draws/early").json
    site.clock.now += hours(24 * 31)
    late = site.get("/v1/draws?overdue=true").json["draws"]
    assert [(each["draw_id"], each["overdue_since"]) for each in late] == [("late", "2026-12-02")]
    assert [each["draw_id"] for each in site.get("/v1/draws?overdue=false").json["draws"]] == ["early"]
    assert site.get("/v1/draws/late").json["overdue"] is True
    site.done("publish", "publisher", draw_id="late")
    assert site.get("/v1/draws?overdue=true").json["draws"] == []
    assert site.get("/v1/draws?overdue=perhaps").status_code == 422


def test_what_comes_next_is_told_to_those_who_work_at_draws(site):
    site.plan()
    steps = site.get("/v1/draws/d-1", "clerk").json["next_steps"]
    assert [each["what"] for each in steps] == ["freeze"]
    assert "next_steps" not in site.get("/v1/draws/d-1").json


def test_who_shares_a_seed_source_is_told_to_everybody(site):
    for draw_id in ("d-1", "d-2"):
        site.plan(draw_id)
        site.done("freeze", draw_id=draw_id)
    told = site.get("/v1/draws/d-1").json
    assert (told["shares_seed_source_with"], told["shares_pool_with"]) == (["d-2"], ["d-2"])
    shared = site.get("/v1/fairness").json["shared"]
    assert {each["name"] for each in shared["seed_sources"]} == {DICE, BEACON}
    assert [each["draw_ids"] for each in shared["pools"]] == [["d-1", "d-2"]]


def test_a_published_draw_is_compared_and_one_that_is_kept_back_is_counted(site):
    site.drawn("d-2")
    site.published()
    site.parts.keeping.count()
    told = site.get("/v1/fairness").json
    assert (told["draws"], told["draws_to_come"], told["draws_unpublished"]) == (1, 0, 1)
    assert told["strata"][0] == {"stratum": "C", "size": 4, "quota": 2, "selected": 2}
    assert told["inspectors"]["seats"] == 8
    assert "persons" not in told
    assert site.get("/v1/fairness", "other").json == told
    assert site.get("/v1/fairness", "planner").json["persons"] == []


def test_each_outcome_has_its_day(site):
    asked = "/v1/draws/d-1/outcomes"
    site.seeded()
    assert site.get(asked, "planner").json["type"].endswith(":draw-out-of-order")
    site.done("run")
    assert site.get(asked, "planner").json == {"expected": 4, "come": 0, "overdue": 0, "outcomes": []}
    result = site.parts.documents.get(site.reading.draws.by_id["d-1"].result_sha256)
    subject = json.loads(result)["selected"][0]["subject_id"]
    site.shelf.give(completed("i-1", subject, inspected_on="2026-11-09"))
    site.clock.now += hours(24 * 37)
    assert site.get(asked, "planner").json == {
        "expected": 4,
        "come": 1,
        "overdue": 1,
        "outcomes": [
            {"subject_id": subject, "inspected_on": "2026-11-09", "publish_by": "2026-12-07", "overdue": True}
        ],
    }
    site.done("publish", "publisher")
    assert site.get(asked, "planner").json["overdue"] == 0
    assert site.get("/v1/draws/d-9/outcomes", "planner").status_code == 404
    assert site.get(asked, "clerk").status_code == 403
