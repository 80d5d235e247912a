"""What is given once more is just what the framework answered, for two seconds, and never what somebody's key saw."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Response

from shared.web.access import AccessKeys
from shared.web.app import Service, create_app
from shared.web.caching import cacheable
from shared.web.front import Front, keep
from shared.web.keys import mint
from shared.web.limiting import Limiter, Quotas
from shared.web.openapi import Blueprint
from shared.web.rates import Rates
from shared.web.routes import current_access, public

NOON, MIDNIGHT = datetime(2026, 3, 1, 4, tzinfo=UTC), datetime(2026, 3, 1, 15, 59, 59, 500_000, tzinfo=UTC)


class Stand:
    """An application that answers anew each time it is asked, behind a front whose clock stands still."""

    def __init__(self):
        self.made, self.seconds, self.now, self.status = 0, 100.0, NOON, 200
        self.meanwhile = lambda: None
        blueprint = Blueprint("stand", __name__)

        @blueprint.route("/v1/things/<string:name>")
        @public
        def thing(name: str) -> Response:
            self.made += 1
            number = self.made
            meanwhile, self.meanwhile = self.meanwhile, lambda: None
            meanwhile()
            if current_access() is None and name != "moving":
                keep(self.now)
            answer = Response(f"{name} {number}", self.status, mimetype="text/plain")
            return cacheable(answer, f"{name}-{number}", self.now, private=False, weak=True)

        keys, minted = AccessKeys(), mint()
        keys.created(minted.key_id, minted.key_hash, "", frozenset({"scores:read"}), NOON)
        keys.ready = True
        self.key = {"Authorization": f"Bearer {minted.key}"}
        self.app = create_app([Service("stand", "Stand", "", [blueprint])], keys=keys)
        self.app.wsgi_app = Front(self.app.wsgi_app._application, lambda: self.limiter, lambda: self.seconds)
        self.limiter = None
        self.http = self.app.test_client()

    def get(self, path="/v1/things/a", **headers):
        return self.http.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture
def stand():
    return Stand()


def test_within_two_seconds_the_answer_is_the_same_but_for_the_requests_own_id(stand):
    first, again = stand.get(), stand.get()
    assert (first.data, again.data, stand.made) == (b"a 1", b"a 1", 1)
    names = set(first.headers.keys()) - {"X-Request-Id"}
    assert {name: again.headers.getlist(name) for name in names} == {
        name: first.headers.getlist(name) for name in names
    }
    assert set(again.headers.keys()) == set(first.headers.keys())
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert stand.get(X_Request_Id="mine").headers["X-Request-Id"] == "mine"


def test_after_two_seconds_it_is_made_anew(stand):
    stand.get()
    stand.seconds += 1.4
    assert stand.get().data == b"a 1"
    stand.seconds += 0.7
    assert stand.get().data == b"a 2"


def test_before_it_ends_the_first_who_asks_has_it_made_and_the_others_get_the_old_one_meanwhile(stand):
    stand.get()
    stand.seconds += 1.6
    told = []
    stand.meanwhile = lambda: told.append(stand.get().data)
    assert stand.get().data == b"a 2"
    assert told == [b"a 1"]
    assert stand.get().data == b"a 2"


def test_nobody_gets_it_after_two_seconds_while_it_is_made_anew(stand):
    stand.get()
    stand.seconds += 1.6

    def slow():
        stand.seconds += 0.5
        told.append(stand.get().data)

    told, stand.meanwhile = [], slow
    stand.get()
    assert told == [b"a 3"]


def test_an_answer_does_not_outlive_its_day_in_shanghai(stand):
    stand.now = MIDNIGHT
    stand.get()
    assert stand.get().data == b"a 2"


def test_who_has_a_key_and_who_asks_more_is_answered_by_the_application(stand):
    stand.get()
    assert stand.http.get("/v1/things/a", headers=stand.key).data == b"a 2"
    assert stand.get().data == b"a 1"
    assert stand.get("/v1/things/a?b=1").status_code == 422
    assert stand.get(Authorization="Bearer wrong").status_code == 401
    assert stand.http.head("/v1/things/a").data == b""
    assert stand.http.post("/v1/things/a").status_code == 405


def test_what_is_not_to_be_kept_and_what_went_wrong_is_made_each_time(stand):
    assert [stand.get("/v1/things/moving").data for _ in range(2)] == [b"moving 1", b"moving 2"]
    stand.status = 503
    assert [stand.get().data for _ in range(2)] == [b"a 3", b"a 4"]


def test_who_has_it_already_is_told_so_by_a_weak_comparison(stand):
    tag = stand.get().headers["ETag"]
    for said in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        same = stand.get(If_None_Match=said)
        assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
    assert stand.get(If_None_Match='"x"').data == b"a 1"
    assert stand.made == 1


def test_each_answer_is_counted_and_one_too_many_is_refused(stand):
    limiter = Limiter(Quotas(per_address=3), Rates(None), lambda: 50.0)
    stand.limiter = stand.app.extensions["chengxin_limiter"] = limiter
    left = [stand.get().headers["RateLimit"].split(";")[1] for _ in range(3)]
    assert left == ["r=2", "r=1", "r=0"]
    refused = stand.get()
    assert (refused.status_code, refused.json["type"]) == (429, "urn:chengxin:problem:too-many-requests")
    assert stand.made == 1


def test_memory_is_bounded(stand, monkeypatch):
    monkeypatch.setattr("shared.web.front._MOST", 10)
    for number in range(25):
        stand.get(f"/v1/things/{number}")
    assert len(stand.app.wsgi_app._kept) <= 10


def test_what_is_at_hand_is_known_until_shortly_before_it_ends(stand):
    front = stand.app.wsgi_app
    assert not front.has("/v1/things/a")
    stand.get("/v1/things/a")
    assert (front.has("/v1/things/a"), front.has("/v1/things/b")) == (True, False)
    stand.seconds += 1.99
    assert not front.has("/v1/things/a")
