"""How far a group is behind, on a real Kafka."""

import pytest

from shared.eventlog import topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.port import Message, TopicPartition
from shared.eventlog.topics import Wanted


@pytest.fixture
def connection(kafka, prefix):
    connection = Connection((kafka,), prefix)
    topics_admin.apply(connection, [Wanted(prefix + "a", 2, "delete", -1), Wanted(prefix + "b", 1, "delete", -1)])
    return connection


def test_lag_is_what_is_on_the_log_and_not_committed(connection, prefix):
    log = KafkaLog(connection)
    appender = log.appender()
    places = [(prefix + "a", 0), (prefix + "a", 1), (prefix + "b", 0)]
    appender.append([Message(topic, None, b"", partition=number) for topic, number in places for _ in range(5)])
    appender.close()

    owner = log.subscribe([prefix + "a"], group="readers", member="1", assigned=lambda _: {}, revoked=lambda _: None)
    while not owner.owned():
        owner.poll(timeout=0.2, most=100)
    assert log.lag("readers", [prefix + "a", prefix + "b"]) == 15
    owner.commit({TopicPartition(prefix + "a", 0): 5, TopicPartition(prefix + "a", 1): 2})
    owner.close()
    assert log.lag("readers", [prefix + "a", prefix + "b"]) == 8
    assert log.lag("readers", [prefix + "a"]) == 3


def test_workers_refuse_topics_that_were_made_otherwise(connection, prefix):
    wanted = [Wanted(prefix + "a", 2, "delete", -1)]
    topics_admin.refuse_unfit(connection, wanted)
    with pytest.raises(topics_admin.Unfit, match="partitions is 2, not 4"):
        topics_admin.refuse_unfit(connection, [Wanted(prefix + "a", 4, "delete", -1)])
    with pytest.raises(topics_admin.Unfit, match="c: partitions is 0, not 1"):
        topics_admin.refuse_unfit(connection, [*wanted, Wanted(prefix + "c", 1, "delete", -1)])


def test_workers_refuse_topics_whose_time_is_not_the_log_s(kafka, prefix):
    class Otherwise(Wanted):
        @property
        def configuration(self):
            return {**super().configuration, "message.timestamp.type": "CreateTime"}

    topics_admin.apply(Connection((kafka,)), [Otherwise(prefix + "d", 1, "delete", -1)])
    with pytest.raises(topics_admin.Unfit, match=r"message\.timestamp\.type is CreateTime, not LogAppendTime"):
        topics_admin.refuse_unfit(Connection((kafka,)), [Wanted(prefix + "d", 1, "delete", -1)])
