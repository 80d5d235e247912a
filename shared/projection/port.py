"""What the loop asks of a consumer, and what a consumer may answer in the place of a result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from shared.eventlog.port import Message, Positions, Record, Subscription, TopicPartition


class Waiting(Exception):
    """A dependency other than the log is down: wait for it, nothing is wrong with the records."""


class SetBack(Waiting):
    """The store does not hold what was written last, or another writer has begun in it: read again what is missing."""


class Projection(Protocol):
    """What one consumer does with records. Any method may raise `Waiting`."""

    topics: tuple[str, ...]
    group: str

    def start(
        self, subscription: Subscription, partitions: frozenset[TopicPartition], committed: Positions
    ) -> Positions:
        """Up to where the effects of newly owned partitions are known to be there; forget what was cached of them.

        A partition left out begins where the group has committed.
        """

    def apply(self, records: list[Record], committed: Positions) -> Iterable[Message]:
        """Have the effects of the records, and answer what must go out with their positions (dead letters).

        What lies before `committed` went out already: its effects are had again in silence.
        """

    def held(self) -> frozenset[TopicPartition]:
        """Topic partitions that have been stopped: nothing more is read of them."""

    def background(self) -> bool:
        """Do a little of what no record asks for; whether more of it waits."""

    def settle(self, subscription: Subscription, positions: Positions) -> Iterable[Message]:
        """Make the effects durable up to the positions, and answer what else must go out."""

    def settled(self) -> None:
        """All that was to go out has gone, and the positions are committed."""
