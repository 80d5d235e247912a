"""A consumer's place in its group, and the transactions that rest on it."""

from __future__ import annotations

from collections.abc import Callable

from shared.eventlog.port import Log, LogUnavailable, Positions, Subscription, TopicPartition, Transactor
from shared.projection.port import Projection


class Membership:
    """A subscription and its transactor, for as long as they hold."""

    def __init__(
        self,
        log: Log,
        projection: Projection,
        member: str,
        start: Callable[[Subscription, frozenset[TopicPartition]], Positions],
        forget: Callable[[], None],
    ) -> None:
        self._transactor = log.transactor(f"{projection.group}-{member}")

        def assigned(partitions: frozenset[TopicPartition]) -> Positions:
            return start(self._subscription, partitions)

        def revoked(_: frozenset[TopicPartition]) -> None:
            forget()

        self._subscription = log.subscribe(
            projection.topics, group=projection.group, member=member, assigned=assigned, revoked=revoked
        )

    def __enter__(self) -> tuple[Subscription, Transactor]:
        try:
            # A process that was killed may have left a transaction open, and no record may come to be sent here.
            self._transactor.begin()
        except LogUnavailable:
            self.__exit__()
            raise
        return self._subscription, self._transactor

    def __exit__(self, *_: object) -> None:
        self._subscription.close()
        self._transactor.close()
