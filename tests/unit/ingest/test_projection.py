"""The Kafka door on a log in memory: same checks, one transaction, nothing twice."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Event, Thread

import pytest

from services.ingest import bootstrap
from shared.eventlog.dead_letters import parse
from shared.eventlog.own import append_own
from shared.eventlog.port import Message
from shared.events.catalogue import catalogue
from shared.events.json_codec import from_document
from shared.events.kafka_codec import decode, encode
from shared.events.types.code_table_entered import CODE_TABLE_ENTERED
from shared.projection.loop import Pace
from shared.settings import Settings
from shared.store.client import Store

from .conftest import NOW, PREFIX, SHOP, an_event, written

INBOX = f"{PREFIX}in.yandu"
LETTERS = "in.yandu.ingest.dlq"
QUICK = Pace(most=7, poll=0.01, commit_every=0.0, back_off=0.01, back_off_most=0.05)
SECONDS = 20


def arrive(log, *messages):
    log.appender().append([Message(INBOX, *message) for message in messages])


def structured(document):
    import orjson

    return (b"any key", orjson.dumps(document), (("content-type", b"application/cloudevents+json; charset=utf-8"),))


@pytest.fixture
def work(log):
    """Runs the worker until a condition holds, then stops it as SIGTERM does."""

    def run(until, bounds=(), **more):
        stop = Event()
        settings = Settings(topic_prefix=PREFIX, organs=("yandu",), organ_bounds=bounds)
        loop = bootstrap.worker(settings, log, "w1", pace=QUICK, **more)
        thread = Thread(target=loop.run, args=(stop,))
        thread.start()
        deadline = time.monotonic() + SECONDS
        try:
            while not until():
                assert time.monotonic() < deadline, "it never came to hold"
                time.sleep(0.005)
        finally:
            stop.set()
            thread.join(SECONDS)
        assert not thread.is_alive()

    return run


def beyond(log):
    return [(topic, record) for topic, record in written(log) if topic != "in.yandu"]


def test_both_modes_go_on_the_log_keyed_by_the_normal_subject_id(log, work):
    event = an_event()
    headers, value = encode(from_document(event))
    arrive(log, (None, value, headers), structured(event | {"id": "second"}))
    work(lambda: len(beyond(log)) == 2)
    for topic, record in beyond(log):
        assert topic == "enforcement.v1"
        assert record.key == SHOP.encode()
        assert decode(record.headers, record.value).data == event["data"]


def test_an_organs_own_codes_are_turned_by_its_table(log, work):
    example = catalogue().by_type[CODE_TABLE_ENTERED].example
    append_own(log.appender(), f"{PREFIX}access.v1", from_document(example))
    arrive(log, structured(an_event(data={"violation_code": "CG-0312"})))
    work(lambda: [topic for topic, _ in beyond(log)].count("enforcement.v1") == 1)
    [data] = [decode(r.headers, r.value).data for topic, r in beyond(log) if topic == "enforcement.v1"]
    assert (data["violation_code"], data["own_code"]) == ("SP-03", "CG-0312")


def test_what_no_door_takes_becomes_a_dead_letter_with_its_bytes_and_the_reason(log, work):
    bad = [
        (b"k", b"\xff\x00", ()),
        (None, None, ()),
        structured(an_event(data={"officers": ["one"]})),
        structured(an_event("access_key.created")),
    ]
    arrive(log, *bad, structured(an_event()))
    work(lambda: len(beyond(log)) == 5)
    letters = {parse(record).record.value: parse(record) for topic, record in beyond(log) if topic == LETTERS}
    assert set(letters) == {value for _, value, _ in bad}
    assert [letters[value].reason for _, value, _ in bad] == ["not-decodable", "not-decodable", "schema", "schema"]
    assert "/data/officers" in letters[bad[2][1]].detail
    for key, value, headers in bad:
        kept = b"" if value is None else key
        assert (letters[value].record.key, letters[value].record.headers) == (kept, headers)
    assert [topic for topic, _ in beyond(log) if topic != LETTERS] == ["enforcement.v1"]


def test_what_lies_in_the_future_is_judged_by_when_the_record_came_and_by_no_clock_of_the_worker(log, work):
    day = (NOW + timedelta(days=1)).date().isoformat()
    arrive(log, structured(an_event(data={"occurred_on": day, "decided_on": day})), structured(an_event()))
    work(lambda: len(beyond(log)) == 2)
    assert sorted(topic for topic, _ in beyond(log)) == ["enforcement.v1", LETTERS]


def test_a_worker_that_comes_after_another_takes_nothing_twice(log, work):
    arrive(log, *(structured(an_event(id=f"e-{number}")) for number in range(20)))
    work(lambda: len(beyond(log)) == 20)
    arrive(log, *(structured(an_event(id=f"f-{number}")) for number in range(5)))
    work(lambda: len(beyond(log)) >= 25)
    ids = [decode(record.headers, record.value).id for _, record in beyond(log)]
    assert len(ids) == len(set(ids)) == 25


def test_a_log_that_is_down_is_waited_for(log, work):
    arrive(log, structured(an_event()))

    def back():
        time.sleep(0.2)
        log.down = False

    thread = Thread(target=back)
    log.down = True
    thread.start()
    work(lambda: not log.down and len(beyond(log)) == 1)
    thread.join()
    assert [topic for topic, _ in beyond(log)] == ["enforcement.v1"]


def test_the_door_works_on_while_the_store_that_takes_its_notes_is_down(log, work):
    arrive(log, structured(an_event()))
    nowhere = Store("redis://127.0.0.1:1", timeout=0.1, retries=0)
    work(lambda: len(beyond(log)) == 1, store=nowhere)


def test_an_organs_topic_carries_what_its_bounds_cover_and_the_rest_is_a_letter(log, work):
    own = an_event(id="own", data={"region": "320902001001"})
    alien = an_event(id="alien", data={"region": "320903001001", "case_no": "alien"})
    revoked = an_event("case.revoked", id="then")
    arrive(log, *(structured(each) for each in (own, alien, revoked)))
    bounds = ("yandu:320902", "yandu:urn:chengxin:organ:320902")
    work(lambda: len(written(log)) == 6, bounds=bounds)
    taken = [decode(each.headers, each.value).id for topic, each in written(log) if topic == "enforcement.v1"]
    assert taken == ["own", "then"]
    [letter] = [parse(each) for topic, each in written(log) if topic == LETTERS]
    assert (letter.reason, "/data/region" in letter.detail) == ("out-of-bounds", True)
