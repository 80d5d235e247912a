"""Which partitions a member of a group owns, and the telling of it.

kafka-python calls a rebalance listener on its network thread, where nothing may wait for an answer. So the listener
only notes what happened and holds new partitions back; `tell` passes it on in the caller's thread and lets them go.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from kafka import KafkaConsumer
from kafka import TopicPartition as KafkaPartition
from kafka.consumer.subscription_state import ConsumerRebalanceListener

from shared.eventlog.port import Fenced, Positions, TopicPartition

Assigned = Callable[[frozenset[TopicPartition]], Positions]
Revoked = Callable[[frozenset[TopicPartition]], None]


class Ownership(ConsumerRebalanceListener):
    """What is owned. `owned` changes in `tell` only."""

    def __init__(self, consumer: KafkaConsumer, assigned: Assigned, revoked: Revoked) -> None:
        self.owned: frozenset[TopicPartition] = frozenset()
        self.paused: set[TopicPartition] = set()
        """What the owner paused, also while it was told of its partitions."""
        self._consumer, self._assigned, self._revoked = consumer, assigned, revoked
        self._gone = False
        self._new: frozenset[TopicPartition] | None = None

    def on_partitions_assigned(self, assigned: Collection[KafkaPartition]) -> None:
        """On the network thread: hold them back; the place is for form's sake, so that none is asked for."""
        for at in assigned:
            self._consumer.pause(at)
            self._consumer.seek(at, 0)
        self._new = frozenset(TopicPartition(*at) for at in assigned)

    def on_partitions_revoked(self, revoked: Collection[KafkaPartition]) -> None:  # noqa: ARG002 - range: always all
        """On the network thread: all of them go, and those not yet told need not be told."""
        self._gone = True
        self._new = None

    def tell(self, start: Callable[[frozenset[TopicPartition], Positions], Positions]) -> None:
        """Tell what has gone, then what is new. `start` completes the answered positions with the other partitions'.

        When anything is raised on the way, the next call asks again.
        """
        if self._gone:
            gone, self.owned, self._gone = self.owned, frozenset(), False
            self.paused.clear()
            if gone:
                self._revoked(gone)
        new = self._new
        if new is None:
            return
        answered = self._assigned(new)
        for at, offset in (start(new, answered) if new else {}).items():
            self._consumer.seek(KafkaPartition(*at), offset)
        self._consumer.resume(*(KafkaPartition(*at) for at in new - self.paused))
        self.owned, self._new = new, None

    def release(self) -> None:
        """Tell that all goes, because the member leaves."""
        if self.owned:
            self._revoked(self.owned)
            self.owned = frozenset()

    def check(self, positions: Collection[TopicPartition]) -> None:
        """Raises `Fenced` when one of them is not owned."""
        if not self.owned.issuperset(positions):
            raise Fenced("the partitions have another owner")


class Given(Ownership):
    """Partitions that were given, to a reader without a group."""

    def __init__(self, consumer: KafkaConsumer, partitions: Collection[TopicPartition]) -> None:
        super().__init__(consumer, lambda _: {}, lambda _: None)
        self.owned = frozenset(partitions)
