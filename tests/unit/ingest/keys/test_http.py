"""`/v1/keys`: made once, shown once, bound for good, rotated without a gap."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.eventlog.port import LogUnavailable
from shared.store.client import StoreUnavailable
from shared.web.key_log import PublishedKeys
from shared.web.keys import mint
from tests.unit.ingest.conftest import PREFIX
from tests.unit.ingest.test_http import problem


@pytest.fixture
def desk(door):
    minted = mint()
    door.keys.created(minted.key_id, minted.key_hash, "first", frozenset({"admin"}), door.now)
    door.admin = {"Authorization": f"Bearer {minted.key}"}
    door.admin_id = minted.key_id
    door.published = PublishedKeys(door.log, PREFIX + "access.v1", door.keys)
    return door


def make(desk, headers=None, **body):
    asked = {"scopes": ["events:write"], "label": "盐都区执法系统", **body}
    answer = desk.http.post("/v1/keys", json=asked, headers={**desk.admin, **(headers or {})})
    desk.published.refresh()
    return answer


def shown(desk, key_id):
    return desk.http.get(f"/v1/keys/{key_id}", headers=desk.admin).json


def test_a_key_is_shown_once_and_may_what_it_was_made_for(desk):
    made = make(desk, regions=["320902"], sources=["urn:a"], expires_at="2099-01-01T00:00:00+08:00")
    assert made.status_code == 201
    assert made.headers["Location"] == f"/v1/keys/{made.json['key_id']}"
    access = desk.keys.authenticate(made.json["key"])
    assert (access.scopes, access.bounds.regions, access.bounds.sources) == ({"events:write"}, ("320902",), ("urn:a",))
    said = shown(desk, made.json["key_id"])
    assert made.json["key"].split("_", 2)[2] not in str(said)
    assert (said["state"], said["regions"], said["replaces"]) == ("valid", ["320902"], None)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"scopes": ["events:raed"]}, "/scopes"),
        ({"scopes": ["admin"], "regions": ["320902"]}, "/regions"),
        ({"scopes": ["scores:read"], "sources": ["urn:a"]}, "/sources"),
        ({"regions": ["3209021"]}, "/regions/0"),
        ({"subject": "shop:92320902MA1N00026Y-01"}, "/subject"),
        ({"scopes": ["subject:read"]}, "/scopes"),
        ({"expires_at": "2020-01-01T00:00:00+08:00"}, "/expires_at"),
        ({"scopes": []}, "/scopes"),
        ({"secret": "x"}, "/secret"),
    ],
)
def test_what_cannot_be_made_says_why(desk, body, pointer):
    wrong = problem(make(desk, **body), 422, "invalid")
    assert [each["pointer"] for each in wrong["errors"]] == [pointer]


def test_the_same_request_again_makes_no_second_key(desk):
    once = {"headers": {"Idempotency-Key": "yandu-2026"}}
    first = make(desk, **dict(once))
    again = problem(make(desk, **dict(once)), 409, "key-exists")
    assert again["key_id"] == first.json["key_id"]
    for other in ({"label": "another"}, {"regions": ["320902"]}, {"scopes": ["admin"]}):
        assert problem(make(desk, **once, **other), 422, "idempotency-key-reused")["key_id"] == again["key_id"]


def test_both_keys_live_until_the_first_is_revoked(desk):
    first = make(desk, regions=["320902"]).json
    second = desk.http.post(f"/v1/keys/{first['key_id']}/rotations", headers=desk.admin)
    desk.published.refresh()
    assert second.status_code == 201
    assert desk.keys.authenticate(first["key"]).bounds == desk.keys.authenticate(second.json["key"]).bounds
    third = desk.http.post(f"/v1/keys/{first['key_id']}/rotations", headers=desk.admin)
    assert "both valid" in problem(third, 409, "not-rotatable")["detail"]
    assert desk.http.delete(f"/v1/keys/{first['key_id']}", headers=desk.admin).status_code == 204
    desk.published.refresh()
    assert shown(desk, first["key_id"])["state"] == "revoked"
    assert shown(desk, second.json["key_id"])["replaces"] == first["key_id"]


def test_a_key_does_not_revoke_itself(desk):
    problem(desk.http.delete(f"/v1/keys/{desk.admin_id}", headers=desk.admin), 409, "own-key")


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("delete", ""), ("post", "/rotations")])
def test_a_key_that_is_not_there(desk, method, path):
    ask = getattr(desk.http, method)
    problem(ask(f"/v1/keys/000000000000{path}", headers=desk.admin), 404, "not-found")


def test_keys_are_listed_a_page_at_a_time_and_by_state(desk):
    ids = {make(desk).json["key_id"] for _ in range(3)}
    seen, cursor = [], None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = desk.http.get("/v1/keys", query_string=query, headers=desk.admin).json
        seen += [each["key_id"] for each in page["keys"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == sorted(seen)
    assert ids < set(seen)
    assert desk.http.get("/v1/keys?state=revoked", headers=desk.admin).json["keys"] == []


def test_the_last_use_is_shown_and_left_out_while_the_store_is_down(desk):
    made = make(desk).json
    used = desk.now + timedelta(minutes=5)
    desk.used = lambda: {made["key_id"]: used}
    assert shown(desk, made["key_id"])["last_used_at"] == "2026-03-01T02:05:00Z"
    assert shown(desk, desk.admin_id)["last_used_at"] is None

    def down():
        raise StoreUnavailable

    desk.used = down
    assert "last_used_at" not in shown(desk, made["key_id"])


def test_while_the_log_is_down_nothing_is_made(desk):
    made = make(desk).json

    class Down:
        def append(self, messages):
            return [LogUnavailable("down") for _ in messages]

    desk.appender = Down()
    problem(make(desk), 503, "unavailable")
    problem(desk.http.delete(f"/v1/keys/{made['key_id']}", headers=desk.admin), 503, "unavailable")


@pytest.mark.parametrize("key", ["key", "nobody"])
def test_only_administrators_see_keys(desk, key):
    headers = desk.key if key == "key" else {}
    assert desk.http.get("/v1/keys", headers=headers).status_code == (403 if headers else 401)


def test_the_same_request_twice_at_once_makes_one_key_and_no_other_may_what_it_asks(desk):
    """Before the directory has the first: a second secret of one key, or the scopes of another request, is none."""
    desk.published.refresh = lambda: None
    first = make(desk, headers={"Idempotency-Key": "k"})
    again = make(desk, headers={"Idempotency-Key": "k"})
    other = make(desk, headers={"Idempotency-Key": "k"}, scopes=["admin"])
    assert [each.status_code for each in (first, again, other)] == [201, 409, 409]
