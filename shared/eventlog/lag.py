"""How far a consumer group is behind the log."""

from __future__ import annotations

from collections.abc import Collection

from kafka import TopicPartition as KafkaPartition
from kafka.admin import KafkaAdminClient, OffsetSpec
from kafka.protocol.consumer import IsolationLevel

from shared.eventlog.connection import Connection
from shared.eventlog.kafka_client import Patience, bounded, opened, options, translated


def lag(connection: Connection, group: str, topics: Collection[str], *, patience: Patience | None = None) -> int:
    """Offsets between what a group has committed and the ends of these topics; the ends of transactions count too.

    A partition of which the group has committed nothing counts whole. Raises `LogUnavailable`.
    """
    waits = patience or Patience()

    def ask() -> int:
        admin = opened(KafkaAdminClient, **options(connection, waits))
        try:
            partitions = [
                KafkaPartition(topic["name"], partition["partition_index"])
                for topic in admin.describe_topics(list(topics))
                for partition in topic["partitions"]
            ]
            name = connection.prefix + group
            committed = admin.list_group_offsets({name: partitions})[name]
            ends = admin.list_partition_offsets(
                dict.fromkeys(partitions, OffsetSpec.LATEST), isolation_level=IsolationLevel.READ_COMMITTED
            )
        finally:
            admin.close()
        return sum(end.offset - max(0, committed[at].offset if at in committed else 0) for at, end in ends.items())

    with translated():
        return bounded(ask, 3 * waits.answer)
