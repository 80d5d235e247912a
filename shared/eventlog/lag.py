"""How far a consumer group is behind the log, and who owns its partitions."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import NamedTuple

from kafka import TopicPartition as KafkaPartition
from kafka.admin import KafkaAdminClient, OffsetSpec
from kafka.protocol.consumer import IsolationLevel

from shared.eventlog.connection import Connection
from shared.eventlog.kafka_client import Patience, bounded, opened, options, translated
from shared.eventlog.port import Log, TopicPartition


class Standing(NamedTuple):
    """A group at a topic partition. `owner` is its member's name and host, empty where nobody owns it."""

    owner: str
    committed: int
    end: int

    @property
    def lag(self) -> int:
        """Offsets that are still to be read; the ends of transactions count too."""
        return max(0, self.end - self.committed)


def standings(
    connection: Connection, group: str, topics: Collection[str], *, patience: Patience | None = None
) -> dict[TopicPartition, Standing]:
    """A group at every partition of these topics; one that it never committed stands at 0. Raises `LogUnavailable`."""
    waits = patience or Patience()

    def ask() -> dict[TopicPartition, Standing]:
        admin = opened(KafkaAdminClient, **options(connection, waits))
        try:
            partitions = [
                KafkaPartition(topic["name"], partition["partition_index"])
                for topic in admin.describe_topics(list(topics))
                for partition in topic["partitions"]
            ]
            name = connection.prefix + group
            committed = admin.list_group_offsets({name: partitions})[name]
            members = admin.describe_groups([name])[name]["members"]
            ends = admin.list_partition_offsets(
                dict.fromkeys(partitions, OffsetSpec.LATEST), isolation_level=IsolationLevel.READ_COMMITTED
            )
        finally:
            admin.close()
        owners = {
            (each["topic"], number): f"{member['group_instance_id'] or member['client_id']}@{member['client_host']}"
            for member in members
            for each in (member["member_assignment"] or {}).get("assigned_partitions", ())
            for number in each["partitions"]
        }
        return {
            TopicPartition(*at): Standing(
                owners.get(tuple(at), "").replace("@/", "@"),
                max(0, committed[at].offset if at in committed else 0),
                end.offset,
            )
            for at, end in ends.items()
        }

    with translated():
        return bounded(ask, 3 * waits.answer)


def lag(connection: Connection, group: str, topics: Collection[str], *, patience: Patience | None = None) -> int:
    """Offsets between what a group has committed and the ends of these topics. Raises `LogUnavailable`."""
    return sum(each.lag for each in standings(connection, group, topics, patience=patience).values())


def oldest(log: Log, positions: Mapping[TopicPartition, int], *, seconds: float = 5.0) -> dict[TopicPartition, int]:
    """When the first record at or behind each position was appended, in the log's milliseconds.

    Left out is what has none, or what did not answer in time. Raises `LogUnavailable`.
    """
    found: dict[TopicPartition, int] = {}
    if not positions:
        return found
    reader = log.assign(positions)
    try:
        for at, offset in positions.items():
            reader.seek(at, offset)
        deadline = time.monotonic() + seconds
        while (missing := positions.keys() - found.keys()) and time.monotonic() < deadline:
            for record in reader.poll(timeout=0.2, most=500):
                found.setdefault(record.at, record.timestamp)
            reader.pause(found)
            ends = reader.end_offsets(missing)
            if all(at in found or reader.position(at) >= ends[at] for at in missing):
                break
    finally:
        reader.close()
    return found
