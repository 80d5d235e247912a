"""What every request passes: quotas by key and address, the trace of refusals, reading from foreign pages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import LogUnavailable
from shared.events.kafka_codec import decode
from shared.web.app import Service, create_app
from shared.web.limiting import Limiter, Quotas, address_of
from shared.web.rates import Rates
from shared.web.refusals import Refusals

from .conftest import things
from .test_app import problem

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
WRONG = {"Authorization": "Bearer cx_0123456789ab_x"}


@pytest.fixture
def counted(site):
    limiter = Limiter(Quotas(per_key=2, per_address=1), Rates(), lambda: 50.0)
    app = create_app([Service("things", "Things", "", [things()])], keys=site.keys, limiter=limiter)
    return app.test_client()


def test_a_quota_is_told_and_then_kept(counted, site):
    first = counted.post("/v1/things", json={"name": "a"}, headers=site.key)
    assert first.headers["RateLimit-Policy"] == '"key";q=2;w=60'
    assert first.headers["RateLimit"] == '"key";r=1;t=30'
    assert counted.post("/v1/things", json={"name": "a"}, headers=site.key).status_code == 201
    refused = counted.post("/v1/things", json={"name": "a"}, headers=site.key)
    problem(refused, 429, "too-many-requests")
    assert refused.headers["Retry-After"] == "30"
    assert counted.post("/v1/things", json={"name": "a"}, headers=site.poor).status_code == 403


def test_without_a_key_and_with_a_wrong_one_the_address_is_counted(counted):
    assert counted.get("/v1/things").status_code == 200
    problem(counted.get("/v1/things"), 429, "too-many-requests")
    problem(counted.get("/v1/things", headers=WRONG), 429, "too-many-requests")
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    problem(counted.get("/v1/things", headers=WRONG, environ_base=elsewhere), 401, "unauthenticated")
    problem(counted.get("/v1/things", headers=WRONG, environ_base=elsewhere), 429, "too-many-requests")


def test_probes_are_not_counted(counted):
    assert {counted.get("/livez").status_code for _ in range(3)} == {200}


@pytest.mark.parametrize(
    ("address", "counted"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8::1:2:3:4", "2001:db8::/64"), (None, "none"), ("unix", "unix")],
)
def test_of_ipv6_the_network_is_counted(address, counted):
    assert address_of(address) == counted


@pytest.fixture
def traced(site):
    refusals = Refusals(lambda: NOW)
    app = create_app([Service("things", "Things", "", [things()])], keys=site.keys, refusals=refusals)
    log = MemoryLog({"audit": 1})

    def told():
        refusals.tell(log.appender(), "audit")
        return [decode(each.headers, each.value).data for records in log.records.values() for each in records]

    return app.test_client(), told


def test_refusals_are_told_once_with_their_number_key_and_route(traced, site):
    http, told = traced
    for _ in range(3):
        http.post("/v1/things", json={"name": "a"}, headers=site.poor)
    http.post("/v1/things", json={"name": "a"}, headers=WRONG)
    http.get("/v1/things")
    poor = site.poor["Authorization"].split("_")[1]
    at = {"first_at": NOW.isoformat(), "last_at": NOW.isoformat(), "route": "/v1/things", "method": "POST"}
    assert told() == [
        {"code": "scope-missing", "key_id": poor, "times": 3, **at},
        {"code": "unauthenticated", "times": 1, **at},
    ]
    assert len(told()) == 2


def test_a_revoked_key_is_named_and_one_that_nobody_made_is_not(traced, site):
    http, told = traced
    site.keys.revoked(site.minted.key_id, NOW)
    http.post("/v1/things", json={"name": "a"}, headers=site.key)
    assert [each["key_id"] for each in told()] == [site.minted.key_id]


def test_while_the_log_is_down_refusals_are_counted_on(site):
    class Down:
        def append(self, messages):
            return [LogUnavailable("down") for _ in messages]

    refusals = Refusals(lambda: NOW)
    http = create_app([Service("things", "T", "", [things()])], keys=site.keys, refusals=refusals).test_client()
    http.post("/v1/things", json={"name": "a"}, headers=WRONG)
    with pytest.raises(LogUnavailable):
        refusals.tell(Down(), "audit")
    http.post("/v1/things", json={"name": "a"}, headers=WRONG)
    log = MemoryLog({"audit": 1})
    refusals.tell(log.appender(), "audit")
    [record] = [each for records in log.records.values() for each in records]
    assert decode(record.headers, record.value).data["times"] == 2


def test_any_page_may_read_what_is_public_and_nothing_else(site):
    read = site.http.get("/v1/things")
    assert read.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in read.headers["Access-Control-Expose-Headers"]
    may = site.http.options("/v1/things")
    assert may.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    made = site.http.post("/v1/things", json={"name": "a"}, headers=site.key)
    assert "Access-Control-Allow-Origin" not in made.headers


def test_over_tls_browsers_are_told_to_stay_there(site):
    assert "Strict-Transport-Security" in site.http.get("/v1/things", base_url="https://credit.example").headers
    assert "Strict-Transport-Security" not in site.http.get("/v1/things").headers
