"""Making Kafka consumers: members of groups, and readers without one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaConsumer
from kafka import TopicPartition as KafkaPartition
from kafka.coordinator.assignors.range import RangePartitionAssignor

from shared.eventlog import kafka_headers  # noqa: F401  # before anything is read
from shared.eventlog.connection import Connection
from shared.eventlog.kafka_client import Patience, bounded, milliseconds, opened, options, translated
from shared.eventlog.kafka_ownership import Assigned, Given, Ownership, Revoked
from shared.eventlog.kafka_subscription import KafkaSubscription, close
from shared.eventlog.port import TopicPartition, UnknownTopic

_FETCH_BYTES, _GLANCE_BYTES = 2 << 20, 64 << 10
"""Most that is fetched of one partition at once."""


def member(
    connection: Connection,
    patience: Patience,
    topics: Collection[str],
    *,
    group: str,
    name: str | None,
    assigned: Assigned,
    revoked: Revoked,
) -> KafkaSubscription:
    """A member of a group. Raises `UnknownTopic` or `LogUnavailable`."""
    consumer = _consumer(
        connection,
        patience,
        group_id=connection.prefix + group,
        group_instance_id=name,
        partition_assignment_strategy=[RangePartitionAssignor],
        session_timeout_ms=milliseconds(patience.session),
        heartbeat_interval_ms=milliseconds(min(3.0, patience.session / 4)),
        max_poll_interval_ms=milliseconds(patience.batch),
        max_partition_fetch_bytes=_FETCH_BYTES,
    )
    with _closing_on_error(consumer):
        ownership = Ownership(consumer, assigned, revoked)
        consumer.subscribe(topics=list(topics), listener=ownership)
        _know(consumer, topics, patience)
    return KafkaSubscription(consumer, ownership, patience, [TopicPartition(topic, 0) for topic in topics])


def reader(
    connection: Connection, patience: Patience, partitions: Collection[TopicPartition], *, glance: bool = False
) -> KafkaSubscription:
    """A reader of these partitions, from their beginning. Raises `UnknownTopic` or `LogUnavailable`."""
    consumer = _consumer(connection, patience, max_partition_fetch_bytes=_GLANCE_BYTES if glance else _FETCH_BYTES)
    with _closing_on_error(consumer):
        consumer.assign([KafkaPartition(*at) for at in partitions])
        _know(consumer, {at.topic for at in partitions}, patience)
        subscription = KafkaSubscription(consumer, Given(consumer, partitions), patience, partitions)
        for at, offset in subscription.beginning_offsets(partitions).items():
            subscription.seek(at, offset)
    return subscription


def _consumer(connection: Connection, patience: Patience, **more: Any) -> KafkaConsumer:
    return opened(
        KafkaConsumer,
        **options(connection, patience),
        metrics_enabled=False,
        enable_auto_commit=False,
        auto_offset_reset="none",  # every start is sought here; a position that is lost must not pass in silence
        isolation_level="read_committed",
        allow_auto_create_topics=False,
        fetch_max_bytes=16 << 20,
        **more,
    )


def _know(consumer: KafkaConsumer, topics: Collection[str], patience: Patience) -> None:
    """Ask for the topics before joining: a leader that has not heard of them yet would assign nothing first."""
    found = bounded(lambda: {topic: consumer.partitions_for_topic(topic) for topic in topics}, patience.answer)
    if unknown := sorted(topic for topic in topics if not found[topic]):
        raise UnknownTopic(", ".join(unknown))


@contextmanager
def _closing_on_error(consumer: KafkaConsumer) -> Iterator[None]:
    try:
        with translated():
            yield
    except BaseException:
        close(consumer)
        raise
