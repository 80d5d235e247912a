"""Kafka does what any log must do."""

import time

import pytest

from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.kafka_client import Patience
from shared.eventlog.kafka_producer import KafkaAppender
from shared.eventlog.port import Message, TopicPartition, UnknownTopic
from shared.eventlog.topics import Wanted
from shared.eventlog.topics_admin import apply
from tests.integration.eventlog.behaviour import LogBehaviour, until, values


class TestKafkaLog(LogBehaviour):
    @pytest.fixture
    def clock(self):
        return lambda: time.time_ns() // 1_000_000

    @pytest.fixture
    def connection(self, kafka, prefix):
        return Connection((kafka,), prefix)

    @pytest.fixture
    def log(self, connection):
        return KafkaLog(connection, Patience(session=6.0))

    @pytest.fixture
    def create(self, connection, prefix):
        def create(topic, partitions):
            apply(connection, [Wanted(prefix + topic, partitions, "delete", -1)])
            return prefix + topic

        return create

    def test_a_rebalance_begun_by_metadata_is_not_forgotten_between_polls(self, create, append, reader):
        topic = create("topic", 2)
        owner = reader(topic, member="m").join()
        consumer = owner.subscription._consumer
        coordinator = consumer._coordinator
        coordinator._assignment_snapshot = {}  # as if a partition had come
        consumer.poll(timeout_ms=1)
        until(lambda: coordinator._join_task.is_done, lambda: time.sleep(0.01))
        assert not coordinator.need_rejoin()  # forgotten
        until(lambda: [what for what, _ in owner.told] == ["assigned", "revoked", "assigned"], owner.poll)
        append(topic, b"v")
        assert values(owner.read(1)) == [b"v"]

    def test_reading_and_writing_never_create_a_topic(self, connection, log, prefix, closing):
        with pytest.raises(UnknownTopic):
            log.subscribe([prefix + "none"], group="g", member=None, assigned=lambda _: {}, revoked=lambda _: None)
        appender = closing(KafkaAppender(connection, Patience()))
        for client in (appender._producer._sender._client, closing(log.assign([]))._consumer._client):
            assert client.cluster.config["allow_auto_create_topics"] is False

    def test_a_header_name_that_is_not_utf_8_is_read_with_its_bytes_escaped(self, create, log, closing):
        class Raw(str):
            __slots__ = ()

            def encode(self, *_):
                return b"ce_\xff"

        at = TopicPartition(create("topic", 1), 0)
        odd = Message(at.topic, None, b"odd", (("ce_id", b"1"), (Raw("ce_"), b"2")), 0)
        closing(log.appender()).append([odd, Message(at.topic, None, b"next", (), 0)])
        reader, records = closing(log.assign([at])), []
        until(lambda: len(records) == 2, lambda: records.extend(reader.poll(timeout=0.1, most=10)))
        assert values(records) == [b"odd", b"next"]
        assert records[0].headers == (("ce_id", b"1"), ("ce_\\xff", b"2"))

    def test_the_latest_offsets_lie_behind_records_of_open_transactions_too(self, create, log, closing):
        at = TopicPartition(create("topic", 1), 0)
        writer, reader, seen = closing(log.sole_writer("w")), closing(log.assign([at])), []

        def meanwhile(_):
            seen.append((log.latest([at])[at], reader.end_offsets([at])[at]))
            return []

        writer.write([Message(at.topic, None, b"v", (), 0)], meanwhile)
        assert seen == [(1, 0)]
