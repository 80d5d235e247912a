"""The Kafka door on a real broker, where an organ's record is too large for a dead letter."""

from __future__ import annotations

import time
from threading import Event, Thread

import orjson
import pytest
from kafka import KafkaProducer

from services.ingest import bootstrap
from shared.eventlog import topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.dead_letters import parse
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.port import TopicPartition
from shared.eventlog.topics import wanted
from shared.events.catalogue import catalogue
from shared.settings import Settings

SECONDS = 60
ZEROS = b"0" * (13 << 20)


@pytest.fixture
def door(kafka, prefix):
    """A log with a topic of one organ, and the worker that reads it."""
    settings = Settings(topic_prefix=prefix, organs=("yandu",))
    connection = Connection((kafka,), prefix)
    topics_admin.apply(connection, wanted(prefix, 2, settings.organs))
    log = KafkaLog(connection)
    stop = Event()
    thread = Thread(target=bootstrap.worker(settings, log, "w1").run, args=(stop,))
    thread.start()
    try:
        yield log
    finally:
        stop.set()
        thread.join(SECONDS)
        log.close()
        assert not thread.is_alive()


@pytest.mark.parametrize(
    "oversized", [{"key": ZEROS}, {"headers": [("ce_id", ZEROS)]}, {"value": ZEROS}], ids=["key", "headers", "value"]
)
def test_what_lies_behind_an_oversized_record_is_taken(kafka, prefix, door, oversized):
    inbox = f"{prefix}in.yandu"
    producer = KafkaProducer(bootstrap_servers=kafka, compression_type="gzip", max_request_size=16 << 20, batch_size=1)
    producer.send(inbox, partition=0, **{"key": b"k", "value": b"{}"} | oversized).get(SECONDS)
    event = catalogue().by_type["cn.chengxin.case.decided.v1"].example
    kind = ("content-type", b"application/cloudevents+json")
    producer.send(inbox, partition=0, value=orjson.dumps(event), headers=[kind]).get(SECONDS)
    producer.close()
    assert first_of(door, f"{prefix}enforcement.v1")[0].key == event["subject"].encode()
    letter = parse(first_of(door, f"{inbox}.ingest.dlq")[0])
    assert (letter.record.offset, letter.reason, letter.record.value) == (0, "not-decodable", None)


def first_of(log, topic):
    """The first records of a topic, waited for."""
    reader = log.assign([TopicPartition(topic, number) for number in range(log.partitions(topic))])
    try:
        for at in reader.owned():
            reader.seek(at, 0)
        deadline = time.monotonic() + SECONDS
        while not (found := reader.poll(timeout=1.0, most=10)):
            assert time.monotonic() < deadline, f"nothing came to {topic}"
        return found
    finally:
        reader.close()
