"""`POST /v1/events`: three modes, every fault with a pointer, all or nothing, and an honest word when the log fails."""

from __future__ import annotations

from urllib.parse import quote

import orjson
import pytest

from services.ingest.doubts import Glance
from services.ingest.statements import Statements
from shared.eventlog.port import LogUnavailable
from shared.events.kafka_codec import decode
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.bounds import Bounds
from shared.web.keys import mint

from .conftest import SHOP, an_event, written

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
UNCOMPARED = "It was not compared with what is known: there is no store"


def send(door, document, content_type=STRUCTURED, **options):
    body = document if isinstance(document, bytes) else orjson.dumps(document)
    headers = {**door.key, **options.pop("headers", {})}
    return door.http.post("/v1/events", data=body, content_type=content_type, headers=headers, **options)


def problem(response, status, code):
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    assert response.json["type"] == f"urn:chengxin:problem:{code}"
    return response.json


def pointers(body):
    return [fault["pointer"] for fault in body["errors"]]


def test_a_structured_event_is_on_the_log_under_its_subject_when_202_is_said(door):
    response = send(door, an_event())
    assert response.status_code == 202
    [(topic, record)] = written(door.log)
    assert topic == "enforcement.v1"
    assert record.key == SHOP.encode()
    event = decode(record.headers, record.value)
    assert event.data == an_event()["data"]
    assert response.json == {
        "accepted": [
            {
                "index": 0,
                "source": event.source,
                "id": event.id,
                "subject": SHOP,
                "topic": record.topic,
                "partition": record.partition,
                "offset": 0,
                "recorded_at": "2026-03-01T02:00:01.234000Z",
                "warnings": [{"code": "not-compared", "pointer": "", "message": UNCOMPARED}],
            }
        ]
    }


def test_a_binary_event_is_the_same_event(door):
    event = an_event()
    attributes = ("specversion", "id", "source", "type", "subject", "time")
    headers = {f"ce-{name}": quote(event[name], safe=":/+") for name in attributes}
    assert send(door, event["data"], "application/json", headers=headers).status_code == 202
    assert send(door, event).status_code == 202
    (_, one), (_, other) = written(door.log)
    assert (one.headers, one.value, one.key) == (other.headers, other.value, other.key)


def test_a_batch_goes_to_the_topics_of_its_types_in_its_order(door):
    batch = [an_event("case.decided"), an_event("inspection.completed"), an_event("subject.upserted")]
    response = send(door, batch, BATCH)
    assert response.status_code == 202
    assert [item["index"] for item in response.json["accepted"]] == [0, 1, 2]
    assert [topic for topic, _ in written(door.log)] == ["enforcement.v1", "inspection.v1", "registry.v1"]


def test_an_empty_batch_is_nothing_and_no_fault(door):
    response = send(door, [], BATCH)
    assert (response.status_code, response.json) == (202, {"accepted": []})


def test_every_fault_is_told_at_once_by_pointer_and_sentence(door):
    body = problem(send(door, an_event(data={"officers": ["one"], "severity": "bad", "extra": 1})), 422, "invalid")
    assert sorted(pointers(body)) == ["/data/extra", "/data/officers", "/data/severity"]
    assert all(fault["message"] for fault in body["errors"])
    assert written(door.log) == []


def test_one_fault_keeps_a_whole_batch_out_and_its_pointers_begin_with_the_index(door):
    batch = [an_event(), an_event(), an_event(time="yesterday"), an_event(data={"officers": ["one"]})]
    body = problem(send(door, batch, BATCH), 422, "invalid")
    assert "/2/time" in pointers(body)
    assert written(door.log) == []
    body = problem(send(door, [*batch[:2], batch[3]], BATCH), 422, "invalid")
    assert pointers(body) == ["/2/data/officers"]
    assert written(door.log) == []


def test_a_single_events_pointers_have_no_index(door):
    assert pointers(problem(send(door, an_event(data={"officers": ["one"]})), 422, "invalid")) == ["/data/officers"]


@pytest.mark.parametrize("type_", ["access_key.created", "access_key.revoked", "rulebook.published", "score.changed"])
def test_what_chengxin_alone_writes_is_taken_at_no_door(door, type_):
    assert pointers(problem(send(door, an_event(type_)), 422, "invalid")) == ["/type"]
    assert written(door.log) == []


def test_dates_are_judged_by_today_in_shanghai(door):
    late = an_event(data={"decided_on": "2026-03-02"})
    assert pointers(problem(send(door, late), 422, "invalid")) == ["/data/decided_on"]
    door.now = door.now.replace(hour=16)  # midnight in Shanghai
    assert send(door, late).status_code == 202


def test_without_the_scope_nothing_is_read(door):
    response = door.http.post("/v1/events", data=b"{", content_type=STRUCTURED)
    problem(response, 401, "unauthenticated")


@pytest.mark.parametrize("body", [b"{", b"\xff", b"", b'{"id": NaN}'])
def test_what_is_no_json_is_400(door, body):
    problem(send(door, body), 400, "malformed")


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_another_media_type_is_415(door, content_type):
    problem(send(door, an_event(), content_type), 415, "unsupported-media-type")


def test_json_without_attributes_in_headers_is_415_and_says_what_to_send(door):
    body = problem(send(door, an_event(), "application/json"), 415, "unsupported-media-type")
    assert STRUCTURED in body["detail"]


def test_too_many_events_and_too_many_bytes_are_413(door):
    problem(send(door, [an_event()] * 101, BATCH), 413, "too-large")
    problem(send(door, b"x" * 400_001), 413, "too-large")
    assert send(door, [an_event()] * 100, BATCH).status_code == 202


def test_an_unknown_parameter_is_refused(door):
    response = door.http.post("/v1/events?validat=true", data=b"{}", content_type=STRUCTURED, headers=door.key)
    assert pointers(problem(response, 422, "invalid")) == ["/query/validat"]


def test_a_log_that_is_down_takes_nothing_and_says_when_to_come_again(door):
    door.log.down = True
    response = send(door, [an_event(), an_event()], BATCH)
    problem(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0


class FailsAfter:
    """An appender whose log fails after some messages."""

    def __init__(self, inner, takes):
        self._inner, self._takes = inner, takes

    def append(self, messages):
        done = self._inner.append(messages[: self._takes])
        return [*done, *(LogUnavailable("gone") for _ in messages[self._takes :])]


def test_a_log_that_fails_in_the_middle_is_503_and_says_which_events_are_in(door):
    whole = door.appender
    door.appender = FailsAfter(whole, 2)
    batch = [an_event(id=f"e-{number}") for number in range(4)]
    response = send(door, batch, BATCH)
    body = problem(response, 503, "partly-accepted")
    assert [item["id"] for item in body["accepted"]] == ["e-0", "e-1"]
    assert body["missing"] == [2, 3]
    assert int(response.headers["Retry-After"]) > 0
    assert len(written(door.log)) == 2
    door.appender = whole
    assert send(door, batch, BATCH).status_code == 202


def test_a_log_that_acknowledges_nothing_accepts_nothing(door):
    door.appender = FailsAfter(door.appender, 0)
    problem(send(door, an_event()), 503, "unavailable")


def test_ready_only_with_a_log_that_answers(door):
    assert door.http.get("/readyz").status_code == 200
    door.log_says = "does not answer"
    assert problem(door.http.get("/readyz"), 503, "unavailable")["checks"]["log"] == "does not answer"


def test_faults_of_the_attributes_hide_none_of_the_data(door):
    data = {**an_event()["data"], "severity": "grave", "decided_on": "2190-01-01"}
    answer = send(door, an_event(time="yesterday", data=data))
    assert answer.status_code == 422
    assert pointers(answer.json) == ["/time", "/data/severity", "/data/decided_on"]


def test_faults_of_what_is_no_cloudevent_hide_none_of_the_others(door):
    events = [an_event(time="yesterday"), an_event(), an_event(data={"officers": ["one"]})]
    answer = door.http.post("/v1/events", json=events, headers=door.key, content_type=BATCH)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["/0/time", "/2/data/officers"]


@pytest.fixture
def bounded(door):
    minted = mint()
    bounds = Bounds(regions=("320902",))
    door.keys.created(minted.key_id, minted.key_hash, "", frozenset({"events:write"}), door.now, bounds)
    door.key = {"Authorization": f"Bearer {minted.key}"}
    return door


def test_what_lies_beyond_the_keys_bounds_keeps_the_whole_batch_out(bounded):
    batch = [an_event(data={"region": "320902001001"}), an_event(id="alien", data={"region": "320903001001"})]
    body = problem(send(bounded, batch, BATCH), 403, "out-of-bounds")
    assert pointers(body) == ["/1/data/region"]
    assert written(bounded.log) == []


def test_while_the_store_is_down_a_bounded_key_sends_nothing_that_names_another(bounded):
    def down(_):
        raise StoreUnavailable

    bounded.known = down
    problem(send(bounded, an_event("case.revoked")), 503, "unavailable")
    assert send(bounded, an_event(data={"region": "320902001001"})).status_code == 202


def test_while_the_store_is_filled_the_same(bounded):
    def filling(_):
        raise Rebuilding(7)

    bounded.known = filling
    assert problem(send(bounded, an_event("case.revoked")), 503, "rebuilding")["records_behind"] == 7


def unregistered(events):
    return {subject: Glance(registered=False, statements=Statements()) for subject in events}


def warned(response):
    return [(each["code"], each["pointer"]) for each in response.json["accepted"][0]["warnings"]]


def test_what_is_strange_is_told_and_taken_all_the_same(door):
    door.glance = unregistered
    response = send(door, an_event("case.revoked"))
    assert response.status_code == 202
    assert warned(response) == [("subject-not-registered", "/subject"), ("not-seen", "/data/case_no")]


def test_with_validate_nothing_is_written_and_all_is_told(door):
    door.glance = unregistered
    response = send(door, [an_event(), an_event("inspection.completed")], BATCH, query_string={"validate": "true"})
    assert response.status_code == 200
    told = response.json["judged"]
    assert [each["topic"] for each in told] == ["t.enforcement.v1", "t.inspection.v1"]
    assert [each["code"] for each in told[0]["warnings"]] == ["subject-not-registered"]
    assert written(door.log) == []


def test_with_validate_a_fault_is_a_fault(door):
    wrong = send(door, an_event(data={"region": "1"}), query_string={"validate": "true"})
    assert pointers(problem(wrong, 422, "invalid")) == ["/data/region"]
