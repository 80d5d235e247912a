"""`chengxin work scoring` as a process: stopped by SIGTERM in the middle of its work, and the next one after it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from threading import Event, Thread

import pytest

from services.scoring.kept import differing
from shared.clock import now
from shared.credit.rulebook import Rulebooks
from shared.eventlog import topics, topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.partitioner import BUCKETS
from shared.eventlog.port import LogUnavailable, Message, TopicPartition
from shared.projection.publishing import publish_missing
from shared.rulebooks.loader import SHIPPED, load_directory
from shared.settings import Settings
from shared.store.client import Store
from shared.store.keys import Keys, field_of
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping

SECONDS = 120
PARTITIONS = 4
SHOPS = [f"shop:92320902MA1N00026Y-{number:04}" for number in range(1, 101)]
MEMBER = "alone"


def until(holds):
    deadline = time.monotonic() + SECONDS
    while True:
        with contextlib.suppress(LogUnavailable):  # a new broker makes its topic of offsets first
            if found := holds():
                return found
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.05)


class City:
    """An installation without workers, and the facts that were sent to it."""

    def __init__(self, kafka, redis_url, prefix):
        self.settings = Settings(
            kafka=(kafka,), redis=redis_url, topic_prefix=prefix, key_prefix=f"{prefix[:-1]}:", partitions=PARTITIONS
        )
        self.topic = prefix + topics.ENFORCEMENT
        self.places = [TopicPartition(self.topic, number) for number in range(PARTITIONS)]
        topics_admin.apply(Connection.of(self.settings), topics.wanted(prefix, PARTITIONS, self.settings.organs))
        self.log, self.store = KafkaLog(Connection.of(self.settings)), Store(redis_url)
        documents = [(file.name, file.read_bytes()) for file in sorted(SHIPPED.glob("*-v*.yaml"))]
        publish_missing(self.log, prefix + topics.RULEBOOKS, documents, source="urn:t", now=now)
        keys = Keys(self.settings.key_prefix)
        self.ledgers, self.books = Ledgers(self.store, keys), Bookkeeping(self.store, keys)
        self.sent = 0

    def close(self):
        self.log.close()
        self.store.close()

    @contextlib.contextmanager
    def sending(self):
        """Send on and on, so that a worker is never at the end."""
        over = Event()
        sender = Thread(target=self._send, args=(over,))
        sender.start()
        try:
            yield
        finally:
            over.set()
            sender.join()

    def _send(self, over):
        appender = self.log.appender()
        while not over.wait(0.01):
            appender.append([self._fact(self.sent + number) for number in range(100)])
            self.sent += 100
        appender.close()

    def _fact(self, number):
        names = {
            "specversion": "1.0",
            "id": f"e-{number}",
            "source": "urn:o",
            "type": "cn.chengxin.credit.commended.v1",
        }
        names |= {"subject": SHOPS[number % len(SHOPS)], "time": "2026-02-01T10:00:00+08:00"}
        headers = [(f"ce_{name}", value.encode()) for name, value in names.items()]
        headers.append(("content-type", b"application/json"))
        data = {"commendation_no": f"奖-{number}", "commendation_code": "BN-02", "granted_on": "2026-02-01"}
        return Message(self.topic, names["subject"].encode(), json.dumps(data).encode(), tuple(headers))

    def standings(self):
        return self.log.standings(topics.SCORING, [self.topic]).values()


@pytest.fixture
def city(kafka, redis_url, prefix):
    city = City(kafka, redis_url, prefix)
    yield city
    city.close()


@pytest.fixture
def work(city):
    started = []

    def start():
        command = [sys.executable, "-m", "services.cli.main", "work", "scoring", "--member", MEMBER]
        environment = {**os.environ, **city.settings.environment(), "CHENGXIN_POLL_RECORDS": "50"}
        started.append(subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.wait()
        each.stderr.close()


def terminated(worker):
    worker.terminate()
    _, told = worker.communicate(timeout=SECONDS)
    assert worker.returncode == 0, told
    assert "Traceback" not in told


def test_at_sigterm_a_worker_finishes_commits_and_leaves_its_place_to_the_next_one(city, work):
    first = work()
    until(lambda: all(city.books.applied(number) for number in range(PARTITIONS)))  # a new store is filled in silence
    with city.sending():
        until(lambda: any(each.committed for each in city.standings()))
        terminated(first)

    committed = city.log.committed(topics.SCORING, city.places)
    for bucket, progress in enumerate(city.books.progress(range(BUCKETS))):
        at = city.places[bucket % PARTITIONS]
        assert progress.positions.get(field_of(at), 0) == committed.get(at, 0)
    assert not any(city.books.outbox(range(BUCKETS)).values())  # all that was applied was told
    assert {each.owner.member for each in city.standings()} == {MEMBER}  # no rebalance by its stop, nor by its return

    second = work()
    until(lambda: not any(each.lag for each in city.standings()))
    terminated(second)
    rulebooks, kept = Rulebooks(load_directory(SHIPPED)), city.ledgers.load(SHOPS)
    assert sum(len(stored.entries) for stored in kept.values()) == city.sent
    assert not [name for name, stored in kept.items() if differing(name, stored, rulebooks)]
