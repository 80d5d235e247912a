"""The HTTP door over an outage of a real broker: nothing accepted while it lasts, everything after it."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from services.ingest import bootstrap
from services.ingest.judges import KNOWING_NOTHING
from shared.embedded.engines import start
from shared.eventlog import topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.kafka_client import Patience
from shared.eventlog.topics import wanted
from shared.events.catalogue import catalogue
from shared.settings import Settings
from shared.web.access import AccessKeys
from shared.web.app import create_app
from shared.web.keys import mint

SECONDS = 60


@pytest.fixture
def broker(tmp_path, cache):
    """A broker of one's own, to be frozen: its address and its process id."""
    engines = start(tmp_path, cache=cache, redis=False)
    pid = next(process.pid for process in engines.processes)
    try:
        yield engines.kafka, pid
    finally:
        os.kill(pid, signal.SIGCONT)
        engines.stop()


def freeze(pid):
    """Stop a process, and wait until each of its threads has stopped: one that runs on may still answer."""
    os.kill(pid, signal.SIGSTOP)
    deadline = time.monotonic() + SECONDS
    while any(
        stat.read_text().rpartition(")")[2].split()[0] != "T" for stat in Path(f"/proc/{pid}/task").glob("*/stat")
    ):
        assert time.monotonic() < deadline, "it never stopped"
        time.sleep(0.01)


def test_a_frozen_broker_is_503_and_the_door_takes_events_again_when_it_thaws(broker):
    address, pid = broker
    settings = Settings(topic_prefix="t.")
    connection = Connection((address,), "t.")
    topics_admin.apply(connection, wanted("t.", 2))
    keys, key = AccessKeys(), mint()
    keys.created(key.key_id, key.key_hash, "", frozenset({"events:write"}), datetime.now(UTC))
    keys.ready = True
    log = KafkaLog(connection, Patience(answer=2.0, delivery=3.0))
    http = create_app(
        [
            bootstrap.service_of(
                settings,
                log,
                KNOWING_NOTHING,
                None,
                lambda _: [],
                log_check=lambda: None,
                keys=keys,
                used=dict,
            )
        ],
        keys=keys,
    ).test_client()

    def send():
        body = orjson.dumps(catalogue().by_type["cn.chengxin.case.decided.v1"].example)
        bearer = {"Authorization": f"Bearer {key.key}"}
        kind = "application/cloudevents+json"
        return http.post("/v1/events", data=body, content_type=kind, headers=bearer)

    assert send().status_code == 202
    freeze(pid)
    for _ in range(2):
        frozen = send()
        assert (frozen.status_code, frozen.json["type"]) == (503, "urn:chengxin:problem:unavailable")
        assert frozen.headers["Retry-After"]
    os.kill(pid, signal.SIGCONT)
    deadline = time.monotonic() + SECONDS
    while send().status_code != 202:
        assert time.monotonic() < deadline, "the door never took an event again"
