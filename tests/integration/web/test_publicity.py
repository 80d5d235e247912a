"""Double publicity out of the real store: a case is in the table while it is public, and a revocation takes it out."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from shared.clock import day_of, now
from shared.web.bounds import Bounds
from shared.web.key_making import NewKey, create_key
from tests.integration.web.test_way_of_an_event import an_event, asked_for, city, send, until

__all__ = ["city"]
TODAY = day_of(now())
DAYS = {"decided_from": (TODAY - timedelta(days=30)).isoformat(), "decided_until": TODAY.isoformat()}


def exporter(city, *regions):
    asked = NewKey(frozenset({"scores:read"}), "exchange", Bounds(regions))
    made = create_key(city.appender, city.access, asked, now())
    bearer = {"Authorization": f"Bearer {made.key}"}
    until(lambda: table(city, bearer).status_code == 200)
    return bearer


def table(city, bearer, **query):
    return city.http.get("/v1/exports/double-publicity", query_string={**DAYS, **query}, headers=bearer)


def numbers(city, bearer):
    rows = csv.DictReader(io.StringIO(table(city, bearer, format="csv").data.decode("utf-8-sig")))
    return {row["cf_wsh"] for row in rows}


def test_a_case_comes_goes_and_is_told_to_be_taken_down(city):
    subject, number, here = "shop:92320902MA1N00026Y-190", "城管罚决〔2026〕190号", "320902001001"
    day = (TODAY - timedelta(days=9)).isoformat()
    days = {"occurred_on": day, "decided_on": day, "served_on": day}
    case = an_event("case.decided", subject, case_no="p-190", decision_no=number, region=here, **days)
    send(city, case)
    assert asked_for(city, case, wait=10).json["state"] == "applied"
    own, other = exporter(city, "320902"), exporter(city, "320903")
    assert number in numbers(city, own)
    assert numbers(city, other) == set()
    revoked = an_event("case.revoked", subject, case_no="p-190", revoked_on=TODAY.isoformat())
    send(city, revoked)
    assert asked_for(city, revoked, wait=10).json["state"] == "applied"
    assert number not in numbers(city, own)
    withdrawals = table(city, own).json["withdrawals"]
    assert [each["on"] for each in withdrawals if each["decision_no"] == number] == [TODAY.isoformat()]
    assert table(city, other).json["withdrawals"] == []
