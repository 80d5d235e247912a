"""The one loop of every consumer: poll → decode → decide → apply → make durable → commit (DESIGN.md section 4).

At least once with an idempotent effect: whatever is in hand when anything fails is dropped, and read again from the
least position that is known to be applied.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import structlog

from shared.eventlog import dead_letters
from shared.eventlog.port import (
    BeyondEnd,
    Fenced,
    Log,
    LogUnavailable,
    Message,
    Subscription,
    TopicPartition,
    Transactor,
)
from shared.projection.membership import Membership
from shared.projection.port import Projection, Waiting
from shared.telemetry.metrics import LETTERS

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once, how often, and how long to wait, in records and seconds."""

    most: int = 10_000
    poll: float = 0.2
    commit_every: float = 1.0
    back_off: float = 0.1
    back_off_most: float = 5.0


def unnoted(_: str) -> None:
    """Notes for nobody."""


class Loop:
    """Runs a projection until told to stop. One thread; the log's client keeps its own heartbeat."""

    def __init__(
        self,
        log: Log,
        projection: Projection,
        *,
        member: str,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic,
        note: Callable[[str], None] = unnoted,
    ) -> None:
        """`note` is told what is waited for, and with each commit (by an empty text) that nothing is."""
        self._log = log
        self._projection = projection
        self._member = member
        self._pace = pace or Pace()
        self._clock = clock
        self._note = note
        self._committed: dict[TopicPartition, int] = {}
        self._held: frozenset[TopicPartition] = frozenset()
        self._letters: list[Message] = []
        self._settled_at = clock()
        self._delay = self._pace.back_off  # grows until something was settled again

    def run(self, stop: Event) -> None:
        """Consume until `stop` is set; then finish the batch, make it durable, commit and leave the group."""
        while not stop.is_set():
            self._forget()
            try:
                with self._joined() as (subscription, transactor):
                    while not stop.is_set():
                        self._turn(subscription, transactor, stop)
                    self._patiently(lambda: self._settle(subscription, transactor), subscription, stop)
            except Fenced:
                logger.warning("partitions lost to another owner", group=self._projection.group)
                stop.wait(self._pace.back_off)
            except LogUnavailable as error:
                logger.warning("cannot join", group=self._projection.group, reason=str(error))
                self._note(str(error))
                stop.wait(self._pace.back_off_most)
            except BeyondEnd as error:
                self._note(str(error))
                raise

    def _turn(self, subscription: Subscription, transactor: Transactor, stop: Event) -> None:
        def turn() -> None:
            self._hold(subscription)
            busy = self._projection.background()
            records = subscription.poll(timeout=0.0 if busy else self._pace.poll, most=self._pace.most)
            if records:
                self._letters += self._projection.apply(records, self._committed)
            if self._clock() - self._settled_at >= self._pace.commit_every:
                self._settle(subscription, transactor)

        self._patiently(turn, subscription, stop)

    def _hold(self, subscription: Subscription) -> None:
        owned = subscription.owned()
        held = self._projection.held() & owned
        if held != self._held:
            subscription.pause(held)
            subscription.resume((self._held & owned) - held)
            self._held = held

    def _settle(self, subscription: Subscription, transactor: Transactor) -> None:
        # Asked of the subscription: the ends of transactions take offsets too, and no record tells of them.
        positions = {at: subscription.position(at) for at in subscription.owned()}
        messages = [*self._projection.settle(subscription, positions), *self._letters]
        # Never back: up to where the group has committed all went out once, also while a store is filled again.
        moved = {at: offset for at, offset in positions.items() if offset > self._committed.get(at, -1)}
        if messages:
            # With all that is owned, also where nothing moved: by these the log knows that the owner is one still.
            transactor.transact(
                messages, {at: max(to, self._committed.get(at, 0)) for at, to in positions.items()}, subscription
            )
        elif moved:
            subscription.commit(moved)
        self._committed.update(moved)
        for sort in filter(None, map(dead_letters.sort_of, self._letters)):
            LETTERS.labels(*sort).inc()
        self._forget()
        self._projection.settled()
        self._settled_at = self._clock()
        self._delay = self._pace.back_off
        self._note("")

    def _patiently(self, act: Callable[[], None], subscription: Subscription, stop: Event) -> None:
        """Act; where a dependency is down, drop what is in hand, wait with back-off, go back to what is applied."""
        try:
            act()
        except (Waiting, LogUnavailable) as error:
            self._wait(subscription, stop, str(error))

    def _wait(self, subscription: Subscription, stop: Event, reason: str) -> None:
        """Poll on with every partition paused, so that the group keeps this member, until all is there again."""
        while not stop.is_set():
            delay = self._delay
            logger.warning("waiting", group=self._projection.group, reason=reason, seconds=delay)
            self._note(reason)
            self._forget()
            until = self._clock() + delay
            self._delay = min(self._pace.back_off_most, 2 * delay)
            try:
                while not stop.is_set() and self._clock() < until:
                    subscription.pause(subscription.owned())
                    subscription.poll(timeout=min(0.2, until - self._clock()), most=1)
                owned = subscription.owned()
                for at, offset in self._start(subscription, owned).items():
                    subscription.seek(at, offset)
                subscription.resume(owned)
            except (Waiting, LogUnavailable) as error:
                reason = str(error)
            else:
                return

    def _start(self, subscription: Subscription, partitions: frozenset[TopicPartition]) -> dict[TopicPartition, int]:
        """The least of what the projection has applied and what the group has committed; else the beginning."""
        if not partitions:
            self._projection.start(subscription, partitions, {})  # it has nothing to hold any more
            return {}
        committed = subscription.committed(partitions)
        self._committed.update(committed)
        beginnings = subscription.beginning_offsets(partitions)
        applied = self._projection.start(subscription, partitions, committed)
        subscription.pause(self._projection.held() & partitions)
        self._held = frozenset()
        offsets = {at: committed.get(at, 0) for at in partitions}
        return {at: max(beginnings[at], min(offset, applied.get(at, offset))) for at, offset in offsets.items()}

    def _forget(self) -> None:
        self._letters = []

    def _joined(self) -> Membership:
        return Membership(self._log, self._projection, self._member, self._start, self._forget)
