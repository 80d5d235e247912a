"""The committed offsets of consumer groups, asked for again and again: one client is kept for it."""

from __future__ import annotations

from collections.abc import Collection
from threading import Lock

from kafka import TopicPartition as KafkaPartition
from kafka.admin import KafkaAdminClient

from shared.eventlog.connection import Connection
from shared.eventlog.kafka_client import Patience, bounded, opened, options, translated
from shared.eventlog.port import LogUnavailable, TopicPartition


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
        with self._asking:
            try:
                with translated():
                    return bounded(lambda: self._ask(group, partitions), 2 * self._patience.answer)
            except LogUnavailable:
                self._close()
                raise

    def close(self) -> None:
        """Let go of the client."""
        with self._asking:
            self._close()

    def _ask(self, group: str, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        if self._admin is None:
            self._admin = opened(KafkaAdminClient, **options(self._connection, self._patience))
        name = self._connection.prefix + group
        found = self._admin.list_group_offsets({name: [KafkaPartition(*at) for at in partitions]})[name]
        return {TopicPartition(*at): each.offset for at, each in found.items() if each.offset >= 0}

    def _close(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()
