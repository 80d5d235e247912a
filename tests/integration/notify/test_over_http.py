"""From a subscription to a signed message: a real log, a real store, all workers, and a receiver that others wrote."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import orjson
import pytest
from standardwebhooks.webhooks import Webhook

from services.cli.web_app import web_app
from services.notify import bootstrap as notify
from services.scoring import bootstrap as scoring
from shared.eventlog import topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.topics import ACCESS, RULEBOOKS, wanted
from shared.events.catalogue import catalogue
from shared.projection.publishing import publish_missing
from shared.rulebooks.loader import SHIPPED
from shared.settings import Settings
from shared.signing.folder import make_missing
from shared.store.client import Store
from shared.web.key_making import NewKey, create_key
from tests.integration.web.test_way_of_an_event import running, until

HOST, PARTITIONS = "127.0.0.1", 2
SHOP = "shop:92320902MA1N00026Y-01"


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    server = HTTPServer((HOST, 0), Hook)
    server.got, server.answers = [], []
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def city(kafka, redis_url, tmp_path):
    prefix = f"t{time.time_ns():x}."
    make_missing(tmp_path / "keys", lambda: datetime.now(UTC))
    settings = Settings(
        kafka=(kafka,), topic_prefix=prefix, key_prefix=f"{prefix[:-1]}:", partitions=PARTITIONS,
        signing_keys=str(tmp_path / "keys"), webhook_hosts=(HOST,),
    )  # fmt: skip
    connection = Connection.of(settings)
    topics_admin.apply(connection, wanted(prefix, PARTITIONS, settings.organs))
    with ExitStack() as stack:
        log, store = KafkaLog(connection), Store(redis_url)
        stack.callback(log.close)
        stack.callback(store.close)
        books = [(file.name, file.read_bytes()) for file in sorted(SHIPPED.glob("*-v*.yaml"))]
        publish_missing(log, prefix + RULEBOOKS, books, source="urn:t", now=lambda: datetime.now(UTC))
        appender = log.appender()
        stack.callback(appender.close)
        asked = NewKey(frozenset({"events:write", "scores:read"}), "test")
        key = create_key(appender, prefix + ACCESS, asked, datetime.now(UTC)).key
        stack.enter_context(running(scoring.worker(settings, log, store, "s1")))
        telling = stack.enter_context(ExitStack())

        def restart():
            telling.close()
            telling.enter_context(running(notify.worker(settings, log, store, "n1")))

        restart()
        http = web_app(settings, log, store).test_client()
        until(lambda: http.get("/readyz").status_code == 200)

        def ask(method, path, **more):
            return http.open(path, method=method, headers={"Authorization": f"Bearer {key}"}, **more)

        ask.restart = restart
        yield ask


def an_event(type_, **data):
    example = catalogue().by_type[f"cn.chengxin.{type_}.v1"].example
    return {**example, "subject": SHOP, "id": type_, "data": {**example["data"], **data}}


def test_a_subscriber_is_told_of_a_score_and_verifies_who_says_so(city, receiver):
    address = f"http://{HOST}:{receiver.server_port}/hook"
    made = city("POST", "/v1/subscriptions", json={"url": address, "ledger": "internal"})
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    until(lambda: city("GET", path).status_code == 200)
    assert city("POST", f"{path}/test").json == {"delivered": True, "status": 204, "detail": "answered"}
    [(headers, body)] = receiver.got
    assert Webhook(made.json["secret"]).verify(body, headers)["type"] == "subscription.test"
    receiver.got.clear()
    receiver.answers = [503]  # of the first try
    sent = [an_event("subject.upserted"), an_event("case.decided")]
    posted = city("POST", "/v1/events", data=orjson.dumps(sent), content_type="application/cloudevents-batch+json")
    assert posted.status_code == 202
    until(lambda: len(receiver.got) > 1)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) <= len(receiver.got)
    for headers, body in receiver.got:
        message = Webhook(made.json["secret"]).verify(body, headers)
        assert message["data"]["subject_id"] == SHOP
    until(lambda: city("GET", path).json["state"] == "active")
    tries = city("GET", f"{path}/deliveries").json["tries"]
    assert [each["status"] for each in tries][-1] == 503
    assert tries[0]["delivered"] is True
    assert tries[0]["next_attempt_at"] is None
    assert tries[-1]["next_attempt_at"] > tries[-1]["at"]
    score = city("GET", f"/v1/subjects/{SHOP}").json["score"]
    until(lambda: orjson.loads(receiver.got[-1][1])["data"]["score"] == score)
    assert city("DELETE", path).status_code == 204
    until(lambda: city("GET", path).status_code == 404)


def test_what_waits_goes_out_after_a_restart(city, receiver):
    made = city("POST", "/v1/subscriptions", json={"url": f"http://{HOST}:{receiver.server_port}/hook"})
    until(lambda: city("GET", made.headers["Location"]).status_code == 200)
    receiver.answers = [503]
    event = orjson.dumps(an_event("subject.upserted"))
    assert city("POST", "/v1/events", data=event, content_type="application/cloudevents+json").status_code == 202
    until(lambda: receiver.got)
    city.restart()
    until(lambda: len(receiver.got) > 1)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_an_address_of_this_network_is_not_subscribed(city):
    refused = city("POST", "/v1/subscriptions", json={"url": "https://10.0.0.1/hook"})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/url")
