"""`chengxin status` on a real log and a real store."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from click.testing import CliRunner

from services.cli.status import status
from services.scoring import bootstrap
from shared.eventlog import topics, topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.port import Message, TopicPartition
from shared.projection.breaker import Tally
from shared.settings import Settings
from shared.store.breakers import Breakers
from shared.store.client import Store
from shared.store.keys import Keys
from shared.store.notes import noter
from tests.integration.scoring.world import wait

PARTITIONS = 2


class Place:
    """An installation's corner of log and store."""

    def __init__(self, kafka, redis_url, prefix):
        self.settings = Settings(
            topic_prefix=prefix,
            key_prefix=prefix.replace(".", ":"),
            partitions=PARTITIONS,
            kafka=(kafka,),
            redis=redis_url,
        )
        connection = Connection((kafka,), prefix)
        topics_admin.apply(connection, topics.wanted(prefix, PARTITIONS, ("sample",)))
        self.log, self.store = KafkaLog(connection), Store(redis_url)
        self.keys = Keys(self.settings.key_prefix)


@pytest.fixture
def place(kafka, redis_url, prefix, monkeypatch):
    place = Place(kafka, redis_url, prefix)
    for name, value in place.settings.environment().items():
        if name in (
            "CHENGXIN_TOPIC_PREFIX",
            "CHENGXIN_KEY_PREFIX",
            "CHENGXIN_PARTITIONS",
            "CHENGXIN_KAFKA",
            "CHENGXIN_REDIS",
        ):
            monkeypatch.setenv(name, value)
    yield place
    place.store.close()
    place.log.close()


def shown():
    result = CliRunner().invoke(status, ["--json"])
    return json.loads(result.stdout.splitlines()[-1]), result.exit_code


def row(answer, topic, partition):
    [found] = [each for each in answer["partitions"] if (each["topic"], each["partition"]) == (topic, partition)]
    return found


def test_records_that_nobody_reads_are_told_with_their_age(place, prefix):
    appender = place.log.appender()
    appender.append([Message(f"{prefix}enforcement.v1", b"k", b"{", (), 1)] * 3)
    appender.close()
    wait(lambda: shown()[0]["partitions"])  # a new broker first makes the topic of its groups' offsets
    answer, code = shown()
    found = row(answer, f"{prefix}enforcement.v1", 1)
    assert (found["owner"], found["committed"], found["end"], found["lag"]) == ("", 0, 3, 3)
    assert 0 <= found["oldest_seconds"] < 60
    assert code == 1
    assert "no owner" in answer["trouble"][0]


def test_a_worker_is_told_with_its_place_and_what_it_waited_for(place, prefix):
    loop, stop = bootstrap.worker(place.settings, place.log, place.store, "7"), Event()
    noter(place.store, place.keys, "scoring", "7", lambda: datetime.now(UTC))("the store: OOM", True)
    thread = Thread(target=loop.run, args=(stop,))
    thread.start()
    try:
        wait(lambda: row(shown()[0], f"{prefix}registry.v1", 0)["owner"] == "7@127.0.0.1")
        answer, _ = shown()
        assert "the store: OOM" in answer["last_waits"][0]
        assert answer["failed_subjects"] == answer["buckets_rebuilding"] == answer["not_yet_told"] == 0
    finally:
        stop.set()
        thread.join(30)


def test_an_open_breaker_and_its_reason_are_told(place, prefix):
    at = TopicPartition(f"{prefix}inspection.v1", 0)
    Breakers(place.store, place.keys).write({at: Tally(offset=100, opened="100 bad events in a row")})
    answer, code = shown()
    assert row(answer, *at)["breaker"] == "100 bad events in a row"
    assert code == 1


def test_where_nothing_needs_anybody_the_exit_code_is_0(place):
    answer, code = shown()
    assert (answer["trouble"], code) == ([], 0)
    assert len(answer["partitions"]) == 4 * PARTITIONS


def test_a_store_that_is_down_leaves_what_the_log_says(place, monkeypatch):
    monkeypatch.setenv("CHENGXIN_REDIS", "redis://127.0.0.1:1/0")
    answer, code = shown()
    assert code == 1
    assert "the store does not answer" in answer["trouble"][0]
    assert len(answer["partitions"]) == 4 * PARTITIONS


def test_a_log_that_is_down_leaves_what_the_store_says(place, monkeypatch):
    monkeypatch.setenv("CHENGXIN_KAFKA", "127.0.0.1:1")
    answer, code = shown()
    assert code == 1
    assert "the log does not answer" in answer["trouble"][0]
    assert answer["failed_subjects"] == 0
