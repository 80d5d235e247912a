"""The log on Kafka: the port's adapter (DESIGN.md section 4). Make it after a fork: its clients have threads."""

from __future__ import annotations

from collections.abc import Collection

from kafka.admin import KafkaAdminClient
from kafka.errors import UnknownTopicOrPartitionError, for_code

from shared.eventlog import kafka_consumer
from shared.eventlog.connection import Connection
from shared.eventlog.kafka_client import Patience, bounded, opened, options, translated
from shared.eventlog.kafka_offsets import GroupOffsets
from shared.eventlog.kafka_ownership import Assigned, Revoked
from shared.eventlog.kafka_producer import KafkaAppender, KafkaTransactor
from shared.eventlog.kafka_subscription import KafkaSubscription
from shared.eventlog.kafka_writer import KafkaSoleWriter
from shared.eventlog.late_appender import LateAppender
from shared.eventlog.port import Appender, LogUnavailable, Standing, TopicPartition, UnknownTopic


class KafkaLog:
    """A connection to one Kafka. Nothing is connected before it is needed."""

    def __init__(self, connection: Connection, patience: Patience | None = None) -> None:
        self._connection, self._patience = connection, patience or Patience()
        self._offsets = GroupOffsets(self._connection, self._patience)

    def appender(self) -> Appender:
        """Appends outside of transactions. It connects when first used, and anew after a failure."""
        return LateAppender(lambda: KafkaAppender(self._connection, self._patience))

    def transactor(self, transactional_id: str) -> KafkaTransactor:
        """Appends and group positions in one transaction. The id is this worker's own, the same at each start."""
        return KafkaTransactor(self._connection, self._patience, transactional_id)

    def sole_writer(self, name: str) -> KafkaSoleWriter:
        """Open a sole writer, which ends what a former one left open. Raises `LogUnavailable`."""
        return KafkaSoleWriter(self._connection, self._patience, name)

    def committed(self, group: str, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """A group's committed offsets, without joining it. Raises `LogUnavailable`."""
        return self._offsets.committed(group, partitions)

    def latest(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """The offsets behind the last records, those of open transactions too. Raises `LogUnavailable`."""
        return self._offsets.latest(partitions)

    def standings(self, group: str, topics: Collection[str]) -> dict[TopicPartition, Standing]:
        """A group at every partition of topics. Raises `UnknownTopic` or `LogUnavailable`."""
        return self._offsets.standings(group, topics)

    def subscribe(
        self, topics: Collection[str], *, group: str, member: str | None, assigned: Assigned, revoked: Revoked
    ) -> KafkaSubscription:
        """Join a group. Raises `LogUnavailable`."""
        return kafka_consumer.member(
            self._connection, self._patience, topics, group=group, name=member, assigned=assigned, revoked=revoked
        )

    def assign(self, partitions: Collection[TopicPartition], *, glance: bool = False) -> KafkaSubscription:
        """Read given partitions from their beginning, without a group. Raises `UnknownTopic` or `LogUnavailable`."""
        return kafka_consumer.reader(self._connection, self._patience, partitions, glance=glance)

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has. Raises `UnknownTopic` or `LogUnavailable`."""

        def ask() -> int:
            admin = opened(KafkaAdminClient, **options(self._connection, self._patience))
            try:
                found = admin.describe_topics([topic])[0]
            finally:
                admin.close()
            error = for_code(found["error_code"])
            if error is UnknownTopicOrPartitionError:
                raise UnknownTopic(topic)
            if found["error_code"]:
                raise LogUnavailable(str(error()))
            return len(found["partitions"])

        with translated():
            return bounded(ask, 2 * self._patience.answer)

    def close(self) -> None:
        """Subscriptions, appenders and transactors are closed by their owners."""
        self._offsets.close()
