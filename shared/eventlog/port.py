"""The log as a port: what every service may ask of Kafka, and nothing more (DESIGN.md section 4).

Two adapters keep it: `kafka` and, for unit tests, `memory`; one behaviour suite runs on both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

Headers = tuple[tuple[str, bytes | None], ...]


class TopicPartition(NamedTuple):
    """A partition of a topic; the topic's name is the full one, prefix included."""

    topic: str
    partition: int


Positions = Mapping[TopicPartition, int]
"""Offset of the next record to read, by partition."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is appended. Without a partition the key decides it (murmur2, as Kafka's own clients do)."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    partition: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What is read. `timestamp` is the log's append time in milliseconds since the epoch."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def at(self) -> TopicPartition:
        return TopicPartition(self.topic, self.partition)


class Appended(NamedTuple):
    """Where a message went, and the log's append time in milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp: int


class Owner(NamedTuple):
    """A member of a consumer group: the name it was given, or the client's own, and the host it is on."""

    member: str
    host: str

    def __str__(self) -> str:
        return f"{self.member}@{self.host}"


class Standing(NamedTuple):
    """A group at a topic partition; `owner` is None where it has no member that reads it, `committed` where it never
    committed. The partition holds offsets from `beginning` up to `end` (read-committed).
    """

    owner: Owner | None
    committed: int | None
    beginning: int
    end: int

    @property
    def position(self) -> int:
        """Offset of the next record to read."""
        return max(self.committed or 0, self.beginning)

    @property
    def lag(self) -> int:
        """Offsets that are still to be read; the ends of transactions count too."""
        return max(0, self.end - self.position)


class LogUnavailable(Exception):
    """The log cannot be reached or does not acknowledge: wait and try again, nothing is wrong with the data."""


class Fenced(Exception):
    """Another owner has taken these partitions: drop everything in hand and join again."""


class BeyondEnd(Exception):
    """A position lies beyond the log's end: the log has lost what was read of it. Stop with an alarm."""

    def __init__(self, at: TopicPartition, position: int, end: int) -> None:
        self.at, self.position, self.end = at, position, end
        super().__init__(f"position {position} of {at.topic}-{at.partition} is beyond the log's end {end}")


class Appender(Protocol):
    """Appends outside of transactions: idempotent, acknowledged by all in-sync replicas."""

    def append(self, messages: Sequence[Message]) -> list[Appended | LogUnavailable]:
        """Append and wait; one answer a message, in their order. Raises `LogUnavailable` when none went in."""

    def close(self) -> None: ...


class Subscription(Protocol):
    """A member of a consumer group that owns partitions, or (from `Log.assign`) a reader of given ones."""

    def poll(self, *, timeout: float, most: int) -> list[Record]:
        """Records of all owned partitions, each in order; [] after `timeout` seconds without any.

        Raises `LogUnavailable` when the log has been silent for a while and does not answer either (polling again
        is right, with back-off), `BeyondEnd`, and `Fenced` when another process has this member's name.
        """

    def owned(self) -> frozenset[TopicPartition]: ...

    def position(self, at: TopicPartition) -> int:
        """Offset of the next record `poll` reads. It passes over what is not a record (ends of transactions)."""

    def seek(self, at: TopicPartition, offset: int) -> None: ...

    def committed(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """The group's committed offsets; partitions without one are left out."""

    def beginning_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]: ...

    def end_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """The offsets behind the last committed (read-committed) records."""

    def offset_at(self, at: TopicPartition, milliseconds: int) -> int:
        """The first offset whose record the log stamped at an instant or later; the end where there is none."""

    def commit(self, positions: Positions) -> None:
        """Commit positions to the group. Raises `Fenced` when the partitions have another owner."""

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """Read nothing of owned partitions until `resume`. A newly owned partition is not paused."""

    def resume(self, partitions: Collection[TopicPartition]) -> None: ...

    def close(self) -> None:
        """Leave the group (a static member keeps its place until the session time-out)."""


class Transactor(Protocol):
    """Appends and group positions in one transaction; an owner that lost its partitions is `Fenced`."""

    def begin(self) -> None:
        """End what a former process of this id left open: readers of the committed wait before it. Raises
        `LogUnavailable`. The first transaction does it too.
        """

    def transact(self, messages: Iterable[Message], positions: Positions, owner: Subscription) -> list[Appended]:
        """All of it or nothing. Raises `Fenced` (another owner), or `LogUnavailable`.

        After `LogUnavailable` nothing was committed, unless the log was lost in the very end: then the group's
        committed positions tell.
        """

    def close(self) -> None: ...


class SoleWriter(Protocol):
    """Appends in transactions, one process at a time: whoever opens the same name later fences the former.

    So what was read after opening still holds when the transaction goes through. After a failure it is of no more use.
    """

    def write(
        self, messages: Sequence[Message], then: Callable[[Sequence[Appended]], Sequence[Message]]
    ) -> list[Appended]:
        """Append messages, and what `then` makes of where they went: all or nothing. Answers where messages went.

        Raises `Fenced` (another has opened it), or `LogUnavailable`: then read whether it is there.
        """

    def close(self) -> None: ...


class Log(Protocol):
    """A connection to one log."""

    def appender(self) -> Appender: ...

    def transactor(self, transactional_id: str) -> Transactor: ...

    def sole_writer(self, name: str) -> SoleWriter:
        """Open a sole writer, which ends what a former one of this name left open. Raises `LogUnavailable`."""

    def committed(self, group: str, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """A group's committed offsets, without joining it; what has none is left out. Raises `LogUnavailable`."""

    def latest(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """The offsets behind the last records, those of open transactions too: they have their times already.

        Raises `LogUnavailable`.
        """

    def standings(self, group: str, topics: Collection[str]) -> dict[TopicPartition, Standing]:
        """A group at every partition of topics, in order, without joining it.

        While members join or leave, nobody owns anything. Raises `UnknownTopic` or `LogUnavailable`.
        """

    def subscribe(
        self,
        topics: Collection[str],
        *,
        group: str,
        member: str | None,
        assigned: Callable[[frozenset[TopicPartition]], Positions],
        revoked: Callable[[frozenset[TopicPartition]], None],
    ) -> Subscription:
        """Join a group: `range` assignor, static membership where `member` is given, auto-commit off.

        `assigned` answers where to start each newly owned partition (one left out starts at the group's
        committed offset, or at the beginning). `revoked` is told as soon as `poll` sees that they go, perhaps
        when another owner has begun already: what must not be lost is durable before the next `poll`. Both are
        called inside `poll` (`revoked` in `close` too), in the caller's thread, and may use the subscription;
        when `assigned` raises, `poll` does, and the next `poll` asks again. Raises `UnknownTopic` or `LogUnavailable`.
        """

    def assign(self, partitions: Collection[TopicPartition], *, glance: bool = False) -> Subscription:
        """Read given partitions from their beginning, without a group. Raises `UnknownTopic` or `LogUnavailable`.

        A glance fetches little of each partition at once: for a look at single records.
        """

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has. Raises `UnknownTopic`."""

    def close(self) -> None: ...


class UnknownTopic(Exception):
    """No such topic; `chengxin topics apply` makes those of the catalogue."""
