"""Consumer groups from outside: offsets and owners, asked for again and again, so one client is kept for it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from threading import Lock
from typing import TypeVar

from kafka import TopicPartition as KafkaPartition
from kafka.admin import KafkaAdminClient, OffsetSpec
from kafka.errors import UnknownTopicOrPartitionError, for_code
from kafka.protocol.consumer import IsolationLevel

from shared.eventlog.connection import Connection
from shared.eventlog.kafka_client import Patience, bounded, opened, options, translated
from shared.eventlog.port import LogUnavailable, Owner, Standing, TopicPartition, UnknownTopic

_T = TypeVar("_T")


class GroupOffsets:
    """Connects when first asked, and anew after a failure. Threads may share it."""

    def __init__(self, connection: Connection, patience: Patience) -> None:
        self._connection, self._patience = connection, patience
        self._admin: KafkaAdminClient | None = None
        self._asking = Lock()

    def committed(self, group: str, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """A group's committed offsets, without joining it; those it has none of are left out.

        Raises `LogUnavailable`.
        """
        name, places = self._connection.prefix + group, [KafkaPartition(*at) for at in partitions]
        found = self._asked(lambda admin: admin.list_group_offsets({name: places})[name], answers=2)
        return {TopicPartition(*at): each.offset for at, each in found.items() if each.offset >= 0}

    def latest(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """The offsets behind the last records, those of open transactions too. Raises `LogUnavailable`."""
        places = dict.fromkeys((KafkaPartition(*at) for at in partitions), OffsetSpec.LATEST)
        found = self._asked(lambda admin: admin.list_partition_offsets(places), answers=1)
        return {TopicPartition(*at): each.offset for at, each in found.items()}

    def standings(self, group: str, topics: Collection[str]) -> dict[TopicPartition, Standing]:
        """A group at every partition of topics. Raises `UnknownTopic` or `LogUnavailable`."""
        name = self._connection.prefix + group

        def ask(admin: KafkaAdminClient) -> dict[TopicPartition, Standing]:
            places = _places(admin, topics)
            committed = admin.list_group_offsets({name: places})[name]
            owners = _owners(admin, name)
            beginnings = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.EARLIEST))
            ends = admin.list_partition_offsets(
                dict.fromkeys(places, OffsetSpec.LATEST), isolation_level=IsolationLevel.READ_COMMITTED
            )
            found = {}
            for at in places:
                offset = committed[at].offset if at in committed else -1
                found[TopicPartition(*at)] = Standing(
                    owners.get(TopicPartition(*at)),
                    offset if offset >= 0 else None,
                    beginnings[at].offset,
                    ends[at].offset,
                )
            return found

        return self._asked(ask, answers=3)

    def close(self) -> None:
        """Let go of the client."""
        with self._asking:
            self._close()

    def _asked(self, ask: Callable[[KafkaAdminClient], _T], *, answers: int) -> _T:
        def act() -> _T:
            if self._admin is None:
                self._admin = opened(KafkaAdminClient, **options(self._connection, self._patience))
            return ask(self._admin)

        with self._asking:
            try:
                with translated():
                    return bounded(act, answers * self._patience.answer)
            except LogUnavailable:
                self._close()
                raise

    def _close(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()


def _places(admin: KafkaAdminClient, topics: Collection[str]) -> list[KafkaPartition]:
    places = []
    for topic in admin.describe_topics(sorted(topics)):
        if error := topic["error_code"]:
            if for_code(error) is UnknownTopicOrPartitionError:
                raise UnknownTopic(topic["name"])
            raise LogUnavailable(f"{topic['name']}: {for_code(error).__name__}")
        places += [KafkaPartition(topic["name"], each["partition_index"]) for each in topic["partitions"]]
    return sorted(places)


def _owners(admin: KafkaAdminClient, group: str) -> dict[TopicPartition, Owner]:
    return {
        TopicPartition(each["topic"], number): Owner(
            member["group_instance_id"] or member["member_id"], member["client_host"].removeprefix("/")
        )
        for member in admin.describe_groups([group])[group]["members"]
        for each in (member["member_assignment"] or {}).get("assigned_partitions", ())
        for number in each["partitions"]
    }
