"""`PUT /v1/subjects/{subject_id}`: written once, after what stood before, and never from beyond a key's bounds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.ingest.tracing.trace import Trace
from services.ingest.tracing.tracer import Behind, Found
from shared.credit.facts import Fact
from shared.eventlog.port import LogUnavailable
from shared.events.kafka_codec import decode
from shared.events.types.subject_upserted import EVENT, SUBJECT_UPSERTED
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.bounds import Bounds
from shared.web.keys import mint
from tests.unit.ingest.conftest import NOW, SHOP, written
from tests.unit.ingest.test_http import problem

ENTRY = {name: EVENT.example["data"][name] for name in ("name", "region", "status")}


@pytest.fixture
def clerk(door):
    door.bound_to = lambda *regions: holder(door, Bounds(regions))
    door.key = holder(door, Bounds())
    door.trace = lambda *_: Found(Trace("applied", NOW), None)
    return door


def holder(door, bounds):
    minted = mint()
    door.keys.created(minted.key_id, minted.key_hash, "", frozenset({"registry:write"}), door.now, bounds)
    return {"Authorization": f"Bearer {minted.key}"}


def put(door, key=None, path=SHOP, **changes):
    return door.http.put(f"/v1/subjects/{path}", json=ENTRY | changes, headers=key or door.key)


def stood(door, time=None, **changes):
    time = time or (NOW - timedelta(days=1)).isoformat()
    door.entries = lambda _: [Fact("urn:a", "r-1", SUBJECT_UPSERTED, SHOP, time, ENTRY | changes, NOW)]


def events(door):
    return [decode(record.headers, record.value) for _, record in written(door.log)]


def test_an_entry_goes_on_the_log_and_is_answered_when_it_can_be_read(clerk):
    answer = put(clerk, path=SHOP.lower())
    assert (answer.status_code, answer.json) == (200, ENTRY)
    [event] = events(clerk)
    assert (event.type, event.subject, event.data) == (SUBJECT_UPSERTED, SHOP, ENTRY)


def test_what_cannot_be_read_yet_is_202(clerk):
    for name, said in ("甲", lambda *_: None), ("乙", lambda *_: Found(Trace("waiting", NOW), None)):
        clerk.trace = said
        assert put(clerk, name=name).status_code == 202

    def behind(*_):
        raise Behind

    clerk.trace = behind
    assert put(clerk, name="丙").status_code == 202


def test_the_same_entry_again_writes_nothing(clerk):
    stood(clerk)
    assert put(clerk).status_code == 200
    assert events(clerk) == []


def test_the_same_change_sent_again_before_it_is_applied_is_one_event(clerk):
    stood(clerk, status="open")
    clerk.coming = lambda _: [Fact(e.source, e.id, e.type, e.subject, e.time, e.data, NOW) for e in events(clerk)]
    clerk.trace = lambda *_: Found(Trace("waiting", NOW), None)
    assert put(clerk).status_code == 202
    clerk.now += timedelta(seconds=30)
    assert put(clerk).status_code == 202
    assert len(events(clerk)) == 1
    assert put(clerk, name="另一家").status_code == 202
    assert len({event.id for event in events(clerk)}) == 2


def test_of_the_same_change_twice_at_once_one_writes(clerk):
    stood(clerk, status="open")
    clerk.trace = lambda *_: None
    assert put(clerk).status_code == 202
    problem(put(clerk), 503, "unavailable")  # the other has not come to its append: nobody can say that it will
    clerk.trace = lambda *_: Found(Trace("applied", NOW), None)
    assert put(clerk).status_code == 200
    assert len(events(clerk)) == 1


def test_a_change_is_later_than_what_it_changes_whatever_the_clock_says(clerk):
    ahead = NOW + timedelta(hours=3)
    stood(clerk, time=ahead.isoformat(), status="open")
    put(clerk)
    [event] = events(clerk)
    assert datetime.fromisoformat(event.time) > ahead


def test_a_key_enters_and_changes_what_lies_in_its_region_alone(clerk):
    own = clerk.bound_to("320902")
    problem(put(clerk, own, region="320903001001"), 403, "out-of-bounds")
    stood(clerk, region="320903001001")
    problem(put(clerk, own), 403, "out-of-bounds")
    stood(clerk, status="open")
    assert put(clerk, own).status_code == 200


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"region": "1"}, "/region"), ({"former_ids": ["shop:1"]}, "/former_ids/0"), ({"colour": "red"}, "/colour")],
)
def test_a_wrong_entry_is_named(clerk, changes, pointer):
    wrong = problem(put(clerk, **changes), 422, "invalid")
    assert [each["pointer"] for each in wrong["errors"]] == [pointer]


def test_an_address_that_names_no_subject(clerk):
    problem(put(clerk, path="inspector:1"), 422, "invalid")


def test_nothing_is_written_while_nobody_knows_what_stands(clerk):
    def down(_):
        raise StoreUnavailable

    def filling(_):
        raise Rebuilding(1)

    for said, code in ((down, "unavailable"), (filling, "rebuilding")):
        clerk.entries = said
        problem(put(clerk), 503, code)
    assert events(clerk) == []


def test_while_the_log_is_down(clerk):
    class Down:
        def append(self, messages):
            return [LogUnavailable("down") for _ in messages]

    clerk.appender = Down()
    problem(put(clerk), 503, "unavailable")
