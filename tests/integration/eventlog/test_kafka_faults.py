"""What the adapter does when brokers are gone, transactions are cut off, and members die."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from kafka import KafkaProducer

from shared.embedded.engines import start
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.kafka_client import Patience
from shared.eventlog.port import Appended, LogUnavailable, Message, TopicPartition
from shared.eventlog.topics import Wanted
from shared.eventlog.topics_admin import apply
from tests.integration.eventlog.behaviour import Reader, until, values

SHORT = Patience(answer=1.0, delivery=2.0, session=6.0, silence=0.5)
NOWHERE = Connection(("127.0.0.1:9",))


@pytest.fixture
def topic(kafka, prefix):
    apply(Connection((kafka,)), [Wanted(prefix + "topic", 1, "delete", -1)])
    return prefix + "topic"


@pytest.fixture
def log(kafka, prefix):
    return KafkaLog(Connection((kafka,), prefix), Patience(session=6.0))


@pytest.mark.parametrize(
    "act",
    [
        lambda log: log.appender().append([Message("t", None, b"")]),
        lambda log: log.partitions("t"),
        lambda log: log.assign([TopicPartition("t", 0)]),
        lambda log: log.subscribe(["t"], group="g", member=None, assigned=lambda _: {}, revoked=lambda _: None),
        lambda log: apply(NOWHERE, [Wanted("t", 1, "delete", -1)], patience=SHORT),
    ],
    ids=["appender", "partitions", "assign", "subscribe", "apply"],
)
def test_a_log_that_is_nowhere_is_unavailable_soon(act):
    began = time.monotonic()
    with pytest.raises(LogUnavailable):
        act(KafkaLog(NOWHERE, SHORT))
    assert time.monotonic() - began < 20


def test_a_broker_that_goes_away_and_comes_back(tmp_path, cache):
    """Every operation says so within its time, and goes on with the same objects afterwards."""
    engines = start(tmp_path, cache=cache, redis=False)
    connection = Connection((engines.kafka,))
    apply(connection, [Wanted("t", 1, "delete", -1)])
    log, at = KafkaLog(connection, SHORT), TopicPartition("t", 0)
    appender, transactor = log.appender(), log.transactor("x")
    member = Reader(log, ["t"], member="m")
    try:
        appender.append([Message("t", b"k", b"0")])
        member.read(1)
        transactor.transact([Message("t", b"k", b"1")], {at: 1}, member.subscription)
        engines.stop()
        for act in (
            lambda: appender.append([Message("t", b"k", b"lost")]),
            lambda: transactor.transact([Message("t", b"k", b"lost too")], {at: 2}, member.subscription),
            lambda: member.subscription.commit({at: 2}),
            lambda: member.subscription.committed([at]),
            lambda: member.subscription.end_offsets([at]),
            lambda: log.partitions("t"),
            lambda: until(lambda: False, member.poll),
        ):
            began = time.monotonic()
            with pytest.raises(LogUnavailable):
                act()
            assert time.monotonic() - began < 25
        engines = start(tmp_path, cache=cache, redis=False)
        assert Connection((engines.kafka,)) == connection

        def append():
            try:
                return appender.append([Message("t", b"k", b"2")])
            except LogUnavailable:
                return []

        answers = []
        until(lambda: answers, lambda: answers.extend(append()))
        assert isinstance(answers[0], Appended)
        records = []

        def poll():
            with suppress(LogUnavailable):
                records.extend(member.poll())

        until(lambda: b"2" in values(records), poll)
        assert values(records)[0] == b"1"
        assert b"lost too" not in values(records)
        transactor.transact([Message("t", b"k", b"3")], {at: records[-1].offset + 1}, member.subscription)
        assert member.subscription.committed([at]) == {at: records[-1].offset + 1}
    finally:
        member.subscription.close()
        appender.close()
        transactor.close()
        engines.stop()


def test_an_aborted_transaction_is_never_seen_and_the_end_stays_before_an_open_one(kafka, topic, log):
    at = TopicPartition(topic, 0)
    reader = log.assign([at])
    producer = KafkaProducer(bootstrap_servers=kafka, transactional_id=topic + "t")
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(topic, b"aborted").get(10)
    assert reader.end_offsets([at]) == {at: 0}
    producer.abort_transaction()
    producer.begin_transaction()
    producer.send(topic, b"seen").get(10)
    producer.commit_transaction()
    producer.close()
    end = reader.end_offsets([at])[at]
    records = []
    until(lambda: reader.position(at) >= end, lambda: records.extend(reader.poll(timeout=0.1, most=10)))
    assert values(records) == [b"seen"]
    reader.close()


def test_a_failure_within_a_transaction_leaves_nothing(topic, log):
    at = TopicPartition(topic, 0)
    member = Reader(log, [topic], member="m").join()
    transactor = log.transactor("x")
    too_much = Message(topic, b"k", bytes(13 << 20))
    with pytest.raises(LogUnavailable, match="1363"):
        transactor.transact([Message(topic, b"k", b"half"), too_much], {at: 1}, member.subscription)
    assert member.subscription.committed([at]) == {}
    transactor.transact([Message(topic, b"k", b"whole")], {at: 0}, member.subscription)
    assert values(member.read(1)) == [b"whole"]
    transactor.close()
    member.subscription.close()


def test_what_a_killed_worker_left_open_is_ended_by_its_successor(kafka, topic, log):
    code = """
import sys, time
from kafka import KafkaProducer
# So long that no broker ends it by itself.
producer = KafkaProducer(bootstrap_servers=sys.argv[1], transactional_id=sys.argv[2], transaction_timeout_ms=600_000)
producer.init_transactions()
producer.begin_transaction()
producer.send(sys.argv[3], b"open").get(10)
print("open", flush=True)
time.sleep(100)
"""
    transactional_id = topic.removesuffix("topic") + "worker"
    killed = subprocess.Popen(
        [sys.executable, "-c", code, kafka, transactional_id, topic], stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout.readline() == "open\n"
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    member = Reader(log, [topic], member="m").join()
    transactor = log.transactor("worker")
    transactor.begin()
    log.appender().append([Message(topic, b"k", b"after")])
    assert values(member.read(1)) == [b"after"]
    transactor.close()
    member.subscription.close()


def test_partitions_of_a_silent_member_go_to_the_others(topic, kafka, prefix, log):
    code = """
import sys
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.kafka_client import Patience
log = KafkaLog(Connection((sys.argv[1],), sys.argv[2]), Patience(session=6.0))
member = log.subscribe([sys.argv[3]], group="group", member="first", assigned=lambda _: {}, revoked=lambda _: None)
while True:
    member.poll(timeout=0.1, most=1)
    if member.owned():
        print("owned", flush=True)
"""
    silent = subprocess.Popen([sys.executable, "-c", code, kafka, prefix, topic], stdout=subprocess.PIPE, text=True)
    assert silent.stdout.readline() == "owned\n"
    other = Reader(log, [topic], member="second")
    silent.kill()
    silent.communicate()
    other.join()
    assert other.subscription.owned() == {TopicPartition(topic, 0)}
    other.subscription.close()
