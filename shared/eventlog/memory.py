"""The log in memory, for unit tests: partitions, groups, transactions and fencing as the port promises them.

Time is injected. Threads may share a log. Nothing is durable, nothing is compacted or forgotten.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from threading import Condition

from shared.eventlog.memory_group import Group, MemorySubscription
from shared.eventlog.memory_writer import MemoryAppender, MemorySoleWriter, MemoryTransactor
from shared.eventlog.partitioner import partition_of
from shared.eventlog.port import (
    Appended,
    LogUnavailable,
    Message,
    Positions,
    Record,
    Standing,
    TopicPartition,
    UnknownTopic,
)


class MemoryLog:
    """One log. `down` makes every operation raise `LogUnavailable`."""

    def __init__(self, topics: Mapping[str, int] | None = None, *, clock: Callable[[], int] | None = None) -> None:
        """`topics` maps names to numbers of partitions; `clock` gives milliseconds since the epoch."""
        self.changed = Condition()
        self.down = False
        self.records: dict[TopicPartition, list[Record]] = {}
        self._topics: dict[str, int] = {}
        self._groups: dict[str, Group] = {}
        self._clock = clock or (lambda: time.time_ns() // 1_000_000)
        self._rotation = 0
        self.writers: dict[str, MemorySoleWriter] = {}
        for topic, partitions in (topics or {}).items():
            self.create(topic, partitions)

    def create(self, topic: str, partitions: int) -> None:
        """Create a topic. An existing one stays as it is."""
        if topic not in self._topics:
            self._topics[topic] = partitions
            self.records |= {TopicPartition(topic, number): [] for number in range(partitions)}

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has. Raises `UnknownTopic`."""
        self.check()
        if topic not in self._topics:
            raise UnknownTopic(topic)
        return self._topics[topic]

    def appender(self) -> MemoryAppender:
        """Appends outside of transactions."""
        return MemoryAppender(self)

    def transactor(self, transactional_id: str) -> MemoryTransactor:  # noqa: ARG002 - the port's
        """Appends and group positions at once."""
        return MemoryTransactor(self)

    def sole_writer(self, name: str) -> MemorySoleWriter:
        """Appends of one process at a time."""
        self.check()
        self.writers[name] = MemorySoleWriter(self, name)
        return self.writers[name]

    def committed(self, group: str, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """A group's committed offsets."""
        self.check()
        offsets = self._groups[group].offsets if group in self._groups else {}
        return {at: offsets[at] for at in partitions if at in offsets}

    def latest(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """The offsets behind the last records."""
        self.check()
        return {at: len(self.records[at]) for at in partitions}

    def standings(self, group: str, topics: Collection[str]) -> dict[TopicPartition, Standing]:
        """A group at every partition of topics."""
        places = [TopicPartition(topic, number) for topic in sorted(topics) for number in range(self.partitions(topic))]
        found = self._groups.get(group, Group())
        owners = found.owners()
        return {at: Standing(owners.get(at), found.offsets.get(at), 0, len(self.records[at])) for at in places}

    def subscribe(
        self,
        topics: Collection[str],
        *,
        group: str,
        member: str | None,
        assigned: Callable[[frozenset[TopicPartition]], Positions],
        revoked: Callable[[frozenset[TopicPartition]], None],
    ) -> MemorySubscription:
        """Join a group; the partitions come with the first `poll`."""
        with self.changed:
            found = self._groups.setdefault(group, Group())
            subscription = MemorySubscription(self, found, assigned, revoked)
            found.join(subscription, member, {topic: self.partitions(topic) for topic in topics})
        return subscription

    def assign(self, partitions: Collection[TopicPartition], *, glance: bool = False) -> MemorySubscription:  # noqa: ARG002
        """Read given partitions from their beginning, without a group."""
        for at in partitions:
            self.partitions(at.topic)
        subscription = MemorySubscription(self, None, lambda _: {}, lambda _: None)
        subscription.own(frozenset(partitions))
        return subscription

    def close(self) -> None:
        """Nothing is held."""

    def check(self) -> None:
        """Raises `LogUnavailable` while the log is down."""
        if self.down:
            raise LogUnavailable("the log is down")

    def place(self, message: Message) -> TopicPartition:
        """Where a message goes."""
        partitions = self.partitions(message.topic)
        if message.partition is not None:
            return TopicPartition(message.topic, message.partition)
        if message.key is not None:
            return TopicPartition(message.topic, partition_of(message.key, partitions))
        self._rotation += 1
        return TopicPartition(message.topic, self._rotation % partitions)

    def write(self, messages: Iterable[Message]) -> list[Appended]:
        """Append all, stamped now. The caller holds `changed`."""
        places = [(message, self.place(message)) for message in messages]
        now = self._clock()
        appended = []
        for message, at in places:
            log = self.records[at]
            log.append(Record(*at, len(log), now, message.key, message.value, message.headers))
            appended.append(Appended(*at, len(log) - 1, now))
        self.changed.notify_all()
        return appended
