"""What data there is: counted by where it happened, and what is missing is named."""

from __future__ import annotations

from datetime import UTC, datetime

from services.lookup.coverage.counting import counted
from services.lookup.coverage.http import coverage
from shared.credit.facts import Fact
from shared.store.client import StoreUnavailable
from shared.web.access import AccessKeys
from shared.web.app import Service, create_app

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
UPSERTED, DECIDED, COMPLETED = (
    f"cn.chengxin.{name}.v1" for name in ("subject.upserted", "case.decided", "inspection.completed")
)
HERE, THERE = "320902001001", "320903001001"


def fact(type_, subject, time, hour=1, **data):
    recorded = datetime(2026, 2, 1, hour, tzinfo=UTC)
    return Fact("urn:o", f"{type_}-{time}", type_, subject, time, data, recorded)


SHOPS = {
    "shop:1": [
        fact(UPSERTED, "shop:1", "2026-01-01T10:00:00+08:00", region=HERE, name="a", status="open"),
        fact(DECIDED, "shop:1", "2026-01-05T23:30:00Z", 5, region=HERE),
        fact(DECIDED, "shop:1", "2026-01-03T10:00:00+08:00", 3, region=THERE),
    ],
    "shop:2": [fact(COMPLETED, "shop:2", "2026-01-09T10:00:00+08:00")],
}


def rows():
    return {row["region"]: row for row in counted(SHOPS.items(), [UPSERTED, DECIDED, COMPLETED])}


def test_a_fact_is_counted_where_it_happened_and_by_the_day_in_shanghai():
    [entry, case] = sorted(rows()["320902"]["types"], key=lambda each: each["type"], reverse=True)
    assert (entry["type"], entry["facts"]) == (UPSERTED, 1)
    assert (case["type"], case["facts"], case["first_on"], case["last_on"]) == (DECIDED, 1, "2026-01-06", "2026-01-06")
    assert case["recorded_until"] == datetime(2026, 2, 1, 5, tzinfo=UTC)
    assert [each["type"] for each in rows()["320903"]["types"]] == [DECIDED]


def test_a_subject_is_counted_where_it_is_registered():
    assert rows()["320902"]["subjects"] == {"shop": 1}
    assert rows()["320903"]["subjects"] == {}


def test_what_has_no_region_is_told_apart():
    assert rows()[None]["types"][0]["type"] == COMPLETED


def test_what_has_never_come_is_named():
    assert rows()["320902"]["missing"] == [COMPLETED]
    assert rows()["320903"]["missing"] == [COMPLETED, UPSERTED]


def asked(everyone):
    service = Service("lookup", "", "", [coverage(everyone, lambda: NOW)])
    keys = AccessKeys()
    keys.ready = True
    return create_app([service], keys=keys).test_client()


def test_everybody_may_know_and_it_is_counted_once_in_a_while():
    times = []

    def everyone():
        times.append(1)
        return SHOPS.items()

    http = asked(everyone)
    for _ in range(3):
        answer = http.get("/v1/coverage")
        assert answer.status_code == 200
    assert (answer.json["counted_at"], len(answer.json["counties"]), times) == ("2026-03-01T02:00:00Z", 3, [1])
    assert http.get("/v1/coverage", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert "shop:1" not in answer.text


def test_without_the_store_nothing_is_said():
    def everyone():
        raise StoreUnavailable("down")

    assert asked(everyone).get("/v1/coverage").status_code == 503
