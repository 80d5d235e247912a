"""What became of an event: by its copies in the ledger, by the dead letters, and over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.ingest.tracing.trace import Trace, applied, dead
from services.ingest.tracing.tracer import Behind, Found
from shared.credit.facts import Fact
from shared.credit.rulebook import Rulebooks
from shared.desk.letters import Identity, Letter, Place, mark_of
from shared.desk.reading import TooManyLetters
from shared.eventlog.port import LogUnavailable
from shared.rulebooks.loader import SHIPPED, load_directory
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.bounds import Bounds
from shared.web.keys import mint
from tests.unit.ingest.conftest import SHOP
from tests.unit.ingest.test_http import problem
from tests.unit.ingest.test_jurisdiction import decided

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SHOPS = Rulebooks(load_directory(SHIPPED)).of("shop")
SOURCE = "urn:chengxin:organ:320902"


def a_fact(recorded_at=NOW, **data):
    event = decided(**data)
    return Fact(event.source, event.id, event.type, SHOP, event.time, event.data, recorded_at)


def a_letter(refused=1, state="open", **more):
    identity = Identity("t.in.yandu", 0, refused, "ingest")
    known = {"reason": "schema", "detail": "/data/region must be", "attempts": 1, "source": SOURCE, "id": "c-1"}
    known["subject"] = mark_of(SHOP)
    return Letter(identity, Place("t.dlq", 0, 0), 5, refused, type="x", state=state, **{**known, **more})


def test_an_event_that_the_ledger_has_is_applied_since_it_was_first_recorded():
    copies = [a_fact(NOW + timedelta(hours=1)), a_fact()]
    assert applied(copies, SHOPS) == Trace("applied", NOW)
    assert applied([], SHOPS) is None


def test_of_two_contents_it_is_said_that_one_stands():
    told = applied([a_fact(), a_fact(severity="serious")], SHOPS)
    assert (told.state, told.reason) == ("conflict", "id-conflict")


def test_an_unknown_code_is_kept_and_counts_for_nothing():
    told = applied([a_fact(violation_code="SP-99")], SHOPS)
    assert (told.state, told.reason) == ("rejected", "unknown-code")
    assert applied([a_fact(violation_code="SP-99")], None).state == "applied"


def test_a_letter_about_another_subject_is_none_of_its():
    other = mark_of("shop:92320902MA1N00026Y-02")
    assert dead([a_letter(1, subject=other), a_letter(2, subject=b"")], SHOP, SOURCE, "c-1") is None


def test_of_several_letters_the_latest_is_told_and_none_that_is_resolved():
    letters = [a_letter(1), a_letter(2, reason="out-of-bounds"), a_letter(3, state="resolved")]
    told = dead(letters, SHOP, SOURCE, "c-1")
    assert (told.state, told.reason, str(told.place)) == ("dead", "out-of-bounds", "t.in.yandu:0:2")
    assert dead([a_letter(state="resolved"), a_letter(id="c-2")], SHOP, SOURCE, "c-1") is None


ASKED = {"subject": SHOP.lower(), "source": SOURCE, "id": "c-1"}


def ask(door, **more):
    return door.http.get("/v1/events", query_string={**ASKED, **more}, headers=door.key)


def test_an_event_is_asked_for_by_its_identity(door):
    asked = []

    def trace(*identity):
        asked.append(identity)
        return Found(Trace("waiting", NOW, Place("t.enforcement.v1", 3, 7), "scoring"), None)

    door.trace = trace
    assert ask(door, wait=10).json == {
        **ASKED,
        "subject": SHOP,
        "state": "waiting",
        "recorded_at": "2026-03-01T00:00:00Z",
        "place": "t.enforcement.v1:3:7",
        "reason": "scoring",
        "detail": None,
    }
    assert asked == [(SHOP, SOURCE, "c-1", 10.0)]


@pytest.mark.parametrize(("region", "status"), [(None, 200), ("320902001001", 200), ("320903001001", 403)])
def test_whom_a_region_bounds_asks_for_what_is_there_or_nowhere_yet(door, region, status):
    minted = mint()
    bounds = Bounds(regions=("320902",))
    door.keys.created(minted.key_id, minted.key_hash, "", frozenset({"events:write"}), NOW, bounds)
    door.trace = lambda *_: Found(Trace("waiting", NOW, None, "scoring"), region)
    key = {"Authorization": f"Bearer {minted.key}"}
    assert door.http.get("/v1/events", query_string=ASKED, headers=key).status_code == status


def test_an_event_that_nobody_has_accepted(door):
    problem(ask(door), 404, "not-found")


@pytest.mark.parametrize(("name", "value"), [("wait", "11"), ("subject", "shop:1"), ("source", "a b"), ("id", " ")])
def test_what_was_asked_wrongly_is_named(door, name, value):
    wrong = problem(ask(door, **{name: value}), 422, "invalid")
    assert [each["pointer"] for each in wrong["errors"]] == [f"/query/{name}"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StoreUnavailable(), "unavailable"),
        (Rebuilding(3), "rebuilding"),
        (LogUnavailable("down"), "unavailable"),
        (TooManyLetters(), "unavailable"),
        (Behind(), "unavailable"),
    ],
)
def test_what_cannot_be_told_now_is_503(door, error, code):
    def trace(*_):
        raise error

    door.trace = trace
    problem(ask(door), 503, code)
