"""`/metrics`: who may read it, and what of requests is counted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.settings import Settings
from shared.telemetry.metrics import REGISTRY
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.keys import mint


@pytest.fixture
def keys():
    keys = AccessKeys()
    keys.ready = True
    return keys


@pytest.fixture
def admin(keys):
    minted = mint()
    keys.created(minted.key_id, minted.key_hash, "", frozenset({"admin"}), datetime.now(UTC))
    return {"Authorization": f"Bearer {minted.key}"}


@pytest.fixture
def http(keys):
    return create_app([], keys=keys, metrics_loopback=True).test_client()


def read(http, *, peer="127.0.0.1", host="127.0.0.1:8080", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return http.get("/metrics", headers={"Host": host, **named}, environ_base={"REMOTE_ADDR": peer})


@pytest.mark.parametrize(
    ("peer", "host"), [("127.0.0.1", "127.0.0.1:8080"), ("127.9.9.9", "localhost"), ("::1", "[::1]:8080")]
)
def test_a_process_of_this_machine_needs_no_key(http, peer, host):
    response = read(http, peer=peer, host=host)
    assert response.status_code == 200
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert b"# TYPE chengxin_http_request_duration_seconds histogram" in response.data


@pytest.mark.parametrize(
    "strange",
    [
        {"peer": "10.0.0.7"},
        {"peer": ""},
        {"host": "chengxin.example.cn"},
        {"host": "10.0.0.7:8080"},
        {"X_Forwarded_For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X_Real_IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
    ],
)
def test_whoever_may_have_come_by_a_proxy_needs_a_key_for_it(http, admin, strange):
    assert read(http, **strange).status_code == 401
    assert read(http, **strange, **admin).status_code == 200


def test_a_key_that_is_sent_is_judged_also_on_this_machine(http, keys):
    poor = mint()
    keys.created(poor.key_id, poor.key_hash, "", frozenset({"scores:read"}), datetime.now(UTC))
    assert read(http, Authorization="Bearer x").status_code == 401
    assert read(http, Authorization=f"Bearer {poor.key}").status_code == 403


def test_unless_it_is_set_everybody_needs_a_key(keys, admin):
    http = create_app([], keys=keys, metrics_loopback=Settings().metrics_loopback).test_client()
    assert read(http).status_code == 401
    assert read(http, **admin).status_code == 200


def counted(**labels):
    return REGISTRY.get_sample_value("chengxin_http_request_duration_seconds_count", labels) or 0


def test_requests_are_counted_by_route_and_never_by_address(site):
    before = counted(route="/v1/things", method="GET", status="200")
    site.http.get("/v1/things?limit=3")
    assert counted(route="/v1/things", method="GET", status="200") == before + 1
    before = counted(route="none", method="GET", status="404")
    site.http.get("/shop:92320902MA1N00026Y-01")
    assert counted(route="none", method="GET", status="404") == before + 1
    assert "92320902MA1N00026Y" not in site.http.get("/metrics").text


def test_methods_that_nobody_knows_are_one_label(site):
    before = counted(route="none", method="other", status="405")
    for method in ("BREW", "WHEN"):
        site.http.open("/v1/things", method=method)
    assert counted(route="none", method="other", status="405") == before + 2
