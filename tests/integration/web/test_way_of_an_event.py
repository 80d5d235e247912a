"""The way of an event on a real log and a real store: in by both doors, scored, and read by who may."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import orjson
import pytest

from services.cli.web_app import web_app
from services.ingest import bootstrap as ingest
from services.lookup import bootstrap as lookup
from services.scoring import bootstrap as scoring
from shared.credit.receipt import score
from shared.credit.rulebook import Rulebooks
from shared.eventlog import topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.dead_letters import parse
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.port import Message, TopicPartition
from shared.eventlog.topics import ACCESS, RULEBOOKS, wanted
from shared.events.catalogue import catalogue
from shared.projection.publishing import publish_missing
from shared.rulebooks.loader import SHIPPED, load_directory
from shared.settings import Settings
from shared.store.client import Store
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers
from shared.web.bounds import Bounds
from shared.web.key_making import NewKey, create_key, revoke_key
from tests.support.foreign import console_producer, librdkafka
from tests.support.waiting import running, until

SHOP = "shop:92320902MA1N00026Y-01"
PARTITIONS = 2
JSON = "application/cloudevents+json"


@pytest.fixture(scope="module")
def city(kafka, redis_url):
    """One installation: topics, shipped rulebooks, all workers, and both services behind one port."""
    prefix = f"t{time.time_ns():x}."
    settings = Settings(
        kafka=(kafka,),
        topic_prefix=prefix,
        key_prefix=f"{prefix[:-1]}:",
        partitions=PARTITIONS,
        organs=("yandu",),
        metrics_loopback=True,
    )
    connection = Connection.of(settings)
    topics_admin.apply(connection, wanted(prefix, PARTITIONS, settings.organs))
    with ExitStack() as stack:
        log = KafkaLog(connection)
        stack.callback(log.close)
        store = Store(redis_url)
        stack.callback(store.close)
        books = [(file.name, file.read_bytes()) for file in sorted(SHIPPED.glob("*-v*.yaml"))]
        publish_missing(log, prefix + RULEBOOKS, books, source="urn:t", now=lambda: datetime.now(UTC))
        appender = log.appender()
        stack.callback(appender.close)
        access = prefix + ACCESS
        key = create_key(
            appender, access, NewKey(frozenset({"events:write", "scores:read"}), "test"), datetime.now(UTC)
        )
        stack.enter_context(running(scoring.worker(settings, log, store, "s1")))
        stack.enter_context(running(ingest.worker(settings, log, "i1")))
        stack.enter_context(running(lookup.worker(settings, log, store, "l1")))
        http = web_app(settings, log, store).test_client()
        until(lambda: http.get("/readyz").status_code == 200)
        yield SimpleNamespace(
            settings=settings,
            log=log,
            appender=appender,
            access=access,
            http=http,
            key=key,
            bearer={"Authorization": f"Bearer {key.key}"},
            ledgers=Ledgers(store, Keys(settings.key_prefix)),
            inbox=f"{prefix}in.yandu",
        )


def an_event(type_, subject, **data):
    example = catalogue().by_type[f"cn.chengxin.{type_}.v1"].example
    return {**example, "subject": subject, "id": f"{type_}-{subject}", "data": {**example["data"], **data}}


def test_by_http_in_scored_and_read_with_its_receipt(city):
    sent = [an_event("subject.upserted", SHOP), an_event("case.decided", SHOP)]
    response = city.http.post(
        "/v1/events",
        data=orjson.dumps(sent),
        content_type="application/cloudevents-batch+json",
        headers=city.bearer,
    )
    assert response.status_code == 202, response.text
    recorded = datetime.fromisoformat(response.json["accepted"][-1]["recorded_at"])

    def read():
        answer = city.http.get(f"/v1/subjects/{SHOP}", headers=city.bearer)
        return answer if answer.status_code == 200 and answer.json["score"] != "100.00" else None

    body = until(read).json
    assert (body["name"], body["ledger"]) == (sent[0]["data"]["name"], "internal")
    facts = city.ledgers.load([SHOP])[SHOP].entries.values()
    rulebooks = Rulebooks(load_directory(SHIPPED))
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    for ledger in ("internal", "public"):
        receipt = city.http.get(f"/v1/subjects/{SHOP}/receipt?ledger={ledger}", headers=city.bearer)
        assert receipt.json == score(SHOP, facts, rulebooks, today, None, ledger)
        assert receipt.headers["ETag"] == f'"{receipt.json["sha256"]}"'
    past = city.http.get(f"/v1/subjects/{SHOP}/receipt?as_of=2026-02-01", headers=city.bearer)
    assert past.json == score(SHOP, facts, rulebooks, date(2026, 2, 1), None, "internal")
    assert city.http.get(f"/v1/subjects/{SHOP}").json["ledger"] == "public"
    applied = until(
        lambda: instant if (instant := datetime.fromisoformat(read().json["applied_until"])) > recorded else None
    )
    known = city.http.get(f"/v1/subjects/{SHOP}", query_string={"known_at": recorded.isoformat()}, headers=city.bearer)
    assert known.json["score"] == body["score"]
    assert applied > recorded


def test_by_kafka_in_with_the_bad_ones_among_the_dead_letters(city):
    shop = "shop:92320902MA1N00026Y-02"
    good = an_event("case.decided", shop)
    bad = an_event("case.decided", shop, officers=["one"]) | {"id": "bad"}
    header = (("content-type", JSON.encode()),)
    city.appender.append([Message(city.inbox, None, orjson.dumps(document), header) for document in (good, bad)])
    until(lambda: city.http.get(f"/v1/subjects/{shop}", headers=city.bearer).status_code == 200)
    at = TopicPartition(f"{city.inbox}.ingest.dlq", 0)
    reader = city.log.assign([at])
    try:
        [record] = until(lambda: reader.poll(timeout=0.5, most=10))
    finally:
        reader.close()
    letter = parse(record)
    assert (letter.record.value, letter.record.headers) == (orjson.dumps(bad), header)
    assert "/data/officers" in letter.detail


def scored(city, shop):
    answer = city.http.get(f"/v1/subjects/{shop}/receipt", headers=city.bearer)
    return [item["code"] for item in answer.json["items"]] if answer.status_code == 200 else None


@pytest.mark.parametrize("mode", ["binary", "structured"])
def test_librdkafka_with_its_defaults_writes_to_the_door(city, mode):
    shop = f"shop:92320902MA1N00026Y-{len(mode)}0"
    event = an_event("case.decided", shop)
    attributes = {name: value for name, value in event.items() if name not in ("data", "datacontenttype")}
    binary = [(f"ce_{name}", value.encode()) for name, value in attributes.items()]
    headers, value = {
        "binary": ([*binary, ("content-type", b"application/json")], event["data"]),
        "structured": ([("content-type", JSON.encode())], event),
    }[mode]
    librdkafka(city.settings.kafka[0], city.inbox, orjson.dumps(value), headers)
    until(lambda: scored(city, shop) == [event["data"]["violation_code"]])


def test_javas_console_producer_writes_to_the_door_without_a_key(city, cache):
    shops = [f"shop:92320902MA1N00026Y-{number}" for number in range(31, 34)]
    events = [an_event("case.decided", shop) for shop in shops]
    lines = [f"content-type:{JSON}\t{orjson.dumps(event).decode()}" for event in events]
    console_producer(cache, city.settings.kafka[0], city.inbox, lines, "--reader-property", "parse.headers=true")
    for shop, event in zip(shops, events, strict=True):
        until(lambda shop=shop, event=event: scored(city, shop) == [event["data"]["violation_code"]])


def test_a_shop_is_found_by_its_name_and_after_its_removal_where_it_is_now(city):
    shop = "shop:92320902MA1N00026Y-03"

    def enter(number, **data):
        event = an_event("subject.upserted", shop, status="open", **data)
        event |= {"id": f"r-{number}", "time": f"2026-0{number}-01T10:00:00+08:00"}
        response = city.http.post("/v1/events", data=orjson.dumps(event), content_type=JSON, headers=city.bearer)
        assert response.status_code == 202, response.text

    def found(query):
        response = city.http.get(f"/v1/subjects?{query}", headers=city.bearer)
        return [each["subject_id"] for each in response.json["subjects"]] if response.status_code == 200 else None

    enter(1, name="老街豆腐坊", region="320902001001")
    until(lambda: found("name=豆腐&region=320902") == [shop])
    enter(2, name="老街豆腐坊", region="320903001001")
    until(lambda: found("name=豆腐&region=320903") == [shop])
    assert found("name=豆腐&region=320902") == []
    assert found("name=豆腐&region=3209&status=open") == [shop]


def test_a_revocation_works_within_two_seconds(city):
    from shared.web.access import AccessKey

    key = create_key(city.appender, city.access, NewKey(frozenset({"scores:read"}), "short"), datetime.now(UTC))
    bearer = {"Authorization": f"Bearer {key.key}"}
    address = "/v1/subjects/shop:92320902MA1N00026Y-99"
    until(lambda: city.http.get(address, headers=bearer).status_code == 404)
    revoke_key(city.appender, city.access, AccessKey(key.key_id), datetime.now(UTC))
    until(lambda: city.http.get(address, headers=bearer).status_code == 401, seconds=2)


def test_a_monitor_is_shown_how_far_the_workers_are(city):
    shown = city.http.get("/metrics").text
    at = f'partition="1",topic="{city.settings.topic_prefix}enforcement.v1"'
    assert f'chengxin_consumer_lag_records{{group="scoring",{at}}}' in shown
    assert "chengxin_log_up 1.0" in shown
    assert "chengxin_store_up 1.0" in shown
    assert SHOP not in shown


def asked_for(city, event, **more):
    query = {name: event[name] for name in ("subject", "source", "id")}
    return city.http.get("/v1/events", query_string={**query, **more}, headers=city.bearer)


def send(city, event, **more):
    kind = "application/cloudevents+json"
    return city.http.post("/v1/events", data=orjson.dumps(event), content_type=kind, headers=city.bearer, **more)


def test_a_sender_waits_until_his_event_is_applied_and_finds_it_in_the_score(city):
    subject = "shop:92320902MA1N00026Y-77"
    event = an_event("case.decided", subject, case_no="traced")
    assert asked_for(city, event).status_code == 404
    judged = send(city, event, query_string={"validate": "true"})
    assert [each["code"] for each in judged.json["judged"][0]["warnings"]] == ["subject-not-registered"]
    assert asked_for(city, event).status_code == 404
    assert send(city, event).status_code == 202
    assert asked_for(city, event, wait=10).json["state"] == "applied"
    assert city.http.get(f"/v1/subjects/{subject}", headers=city.bearer).json["score"] != "100.00"


def test_of_a_second_content_the_sender_is_warned_and_told_that_the_first_one_stands(city):
    subject = "shop:92320902MA1N00026Y-78"
    event = an_event("case.decided", subject, case_no="twice")
    send(city, event)
    assert asked_for(city, event, wait=10).json["state"] == "applied"
    other = {**event, "data": {**event["data"], "severity": "serious"}}
    warnings = send(city, other).json["accepted"][0]["warnings"]
    assert [each["code"] for each in warnings] == ["subject-not-registered", "id-conflict"]
    until(lambda: asked_for(city, event).json["state"] == "conflict")


def test_what_an_organ_wrote_wrongly_is_dead_and_says_why(city):
    event = an_event("case.decided", "shop:92320902MA1N00026Y-79", region="1")
    headers = (("content-type", b"application/cloudevents+json"),)
    city.appender.append([Message(city.inbox, b"any", orjson.dumps(event), headers)])
    told = asked_for(city, event, wait=10).json
    assert (told["state"], told["reason"], "/data/region" in told["detail"]) == ("dead", "schema", True)


def test_a_bounded_key_names_what_is_applied_in_its_region_alone(city):
    subject = "shop:92320902MA1N00026Y-80"
    made = create_key(
        city.appender,
        city.access,
        NewKey(frozenset({"events:write"}), "district", Bounds(("320902",))),
        datetime.now(UTC),
    )
    event = an_event("case.decided", subject, case_no="bounded", region="320903001001")
    send(city, event)
    assert asked_for(city, event, wait=10).json["state"] == "applied"
    revoked = orjson.dumps(an_event("case.revoked", subject, case_no="bounded"))
    bearer = {"Authorization": f"Bearer {made.key}"}

    def refused():
        kind = "application/cloudevents+json"
        answer = city.http.post("/v1/events", data=revoked, content_type=kind, headers=bearer)
        return answer if answer.status_code == 403 else None

    assert [each["pointer"] for each in until(refused).json["errors"]] == ["/data/case_no"]


def test_what_became_of_an_event_is_told_in_the_region_of_the_case_that_it_names(city):
    subject = "shop:92320902MA1N00026Y-81"
    register = an_event("subject.upserted", subject, region="320903001001")
    case = an_event("case.decided", subject, case_no="elsewhere", region="320902001001")
    revoked = an_event("case.revoked", subject, case_no="elsewhere")
    for event in (register, case, revoked):
        send(city, event)
        assert asked_for(city, event, wait=10).json["state"] == "applied"

    def status(region):
        asked = NewKey(frozenset({"events:write"}), region, Bounds((region,)))
        made = create_key(city.appender, city.access, asked, datetime.now(UTC))
        query = {name: revoked[name] for name in ("subject", "source", "id")}
        bearer = {"Authorization": f"Bearer {made.key}"}

        def answer():
            told = city.http.get("/v1/events", query_string=query, headers=bearer)
            return told.status_code if told.status_code != 401 else None

        return until(answer)

    assert (status("320902"), status("320903")) == (200, 403)
