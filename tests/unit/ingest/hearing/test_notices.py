"""Notices say what was deducted, until when, and each remedy with its last day; what has ended has none."""

from __future__ import annotations

import pytest

from tests.unit.ingest.hearing.conftest import CASE, INSPECTION, SHOP, a_fact
from tests.unit.ingest.hearing.test_codes import problem

ASKED = {"subject_id": SHOP, "about": "case", "number": CASE}


def read(city, **changes):
    return city.http.get("/v1/notices", query_string=ASKED | changes, headers=city.key("notices:issue"))


def test_what_how_much_until_when_and_what_can_be_done(city):
    said = read(city).json
    assert (said["code"], said["decision_no"], said["counts_from"]) == ("SP-03", "决-1", "2026-02-26")
    assert float(said["points"]) > 0
    assert said["counts_until"] > said["counts_from"]
    assert said["objection"] == {"on": "2026-03-16", "missing_calendar": None}
    assert said["reconsideration"] == {"on": "2026-05-06", "missing_calendar": None}  # 1 May and the days after are off
    assert said["litigation"] == {"on": "2026-09-02", "missing_calendar": None}


def test_a_finding_is_no_decision_so_there_is_no_appeal_against_it(city):
    said = read(city, about="inspection", number=INSPECTION).json
    assert (said["reconsideration"], said["litigation"]) == (None, None)


def test_appeals_run_from_the_service_of_the_decision_and_not_of_the_notice(city):
    assert read(city, served_on="2026-03-01").json["reconsideration"]["on"] == "2026-05-06"
    case = next(fact for fact in city.facts[SHOP] if fact.type == "cn.chengxin.case.decided.v1")
    del case.data["served_on"]
    said = read(city).json
    assert (said["reconsideration"], said["litigation"]) == (None, None)
    assert "自收到决定书之日起六十日内" in printed(city).text


def test_a_year_without_a_calendar_is_said_and_not_guessed(city):
    from datetime import UTC, datetime

    city.now = datetime(2026, 12, 28, 2, tzinfo=UTC)
    case = next(fact for fact in city.facts[SHOP] if fact.type == "cn.chengxin.case.decided.v1")
    case.data["served_on"] = "2026-12-28"
    said = read(city, served_on="2026-12-28").json
    assert said["objection"] == {"on": None, "missing_calendar": 2027}
    assert said["litigation"] == {"on": "2027-06-28", "missing_calendar": 2027}
    page = printed(city).text
    assert "暂不能载明：2027 年" in page
    assert "顺延至其后第一个工作日" in page


def printed(city, **changes):
    headers = city.key("notices:issue") | {"Accept": "text/html"}
    return city.http.post("/v1/notices", json=ASKED | changes, headers=headers)


def test_the_page_has_a_code_in_words_and_as_an_image_and_runs_nothing(city):
    answer = printed(city)
    assert (answer.status_code, answer.mimetype) == (201, "text/html")
    assert "信用积分通知书" in answer.text
    assert "<svg" in answer.text
    assert "<code>cn_" in answer.text
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_names_are_text_on_the_page(city):
    registered = a_fact(
        SHOP, "r-2", "subject.upserted", {"name": "<b>甲</b>", "region": "320902001001"}, "2026-02-27T10:00:00Z"
    )
    city.facts[SHOP].append(registered)
    assert "<b>甲" not in printed(city).text


ENDINGS = [
    ("case.revoked", {"case_no": CASE, "revoked_on": "2026-02-28", "ground": "litigation", "instrument_no": "终-1"}),
    ("credit.repaired", {"target": CASE, "granted_on": "2026-02-28", "instrument_no": "修-1"}),
]


@pytest.mark.parametrize(("type_", "data"), ENDINGS)
def test_what_has_ended_has_no_notice(city, type_, data):
    from datetime import UTC, datetime

    city.facts[SHOP].append(a_fact(SHOP, "e-1", type_, data))
    if type_ == "credit.repaired":
        city.now = datetime(2026, 6, 1, 2, tzinfo=UTC)
        city.facts[SHOP][-1].data["granted_on"] = "2026-05-30"
    assert problem(read(city)) == (404, "not-found")
    assert problem(printed(city)) == (404, "not-found")
    assert not city.records("t.access.v1")


def test_nor_has_what_is_past_its_period_or_was_never_known(city):
    from datetime import UTC, datetime

    assert problem(read(city, number="案-9")) == (404, "not-found")
    assert problem(read(city, index="1")) == (404, "not-found")
    city.now = datetime(2029, 6, 1, 2, tzinfo=UTC)
    assert problem(read(city)) == (404, "not-found")


def test_a_clerk_of_another_region_has_none(city):
    answer = city.http.get("/v1/notices", query_string=ASKED, headers=city.key("notices:issue", regions=("110101",)))
    assert problem(answer) == (403, "out-of-bounds")


def test_service_lies_not_in_the_future(city):
    answer = read(city, served_on="2026-03-03")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["message"] == "must not be later than today"
