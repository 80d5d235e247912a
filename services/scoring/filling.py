"""Filling a store beside the live one: the worker's own projection, in silence and without its group.

Why not a worker of another group? What is on the log went out once. So nothing is told here: no letters, no outbox, no
breaker, no offsets. The new store's own positions say where to go on. Its buckets stay marked as rebuilt: readers may
read them as soon as they are level, and the worker that takes the store over compares each subject with what
subscribers were told last, and tells what differs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from threading import Event
from typing import NamedTuple

import structlog

from services.scoring.projection import Scoring
from shared.eventlog.partitioner import BUCKETS
from shared.eventlog.port import Log, LogUnavailable, Positions, Subscription, TopicPartition
from shared.projection.loop import Pace
from shared.projection.port import SetBack, Waiting
from shared.store.client import StoreUnavailable
from shared.store.progress import Bookkeeping, Progress

logger = structlog.get_logger()
PACE = Pace(most=10_000)
_ALL = 1 << 62
"""Where the group is said to have come to: whatever lies before it is applied in silence."""
_LEVEL_SECONDS = 1.0


class Done(NamedTuple):
    """Records that are applied, and those that are on the log; told first before any is applied."""

    applied: int
    end: int


class TakenOver(Exception):
    """Another writer has begun in the store that is being filled, or it was set back: this one has stopped.

    It does not claim the store again: the two would displace each other without end.
    """


def may_be_filled(progress: Iterable[Progress]) -> bool:
    """Whether every bucket is empty or was left by a former filling; a worker unmarks the buckets it takes over."""
    return all(each.rebuilding or not each.positions for each in progress)


class Filling:
    """Reads the log from the new store's positions on. One thread."""

    def __init__(
        self,
        log: Log,
        scoring: Scoring,
        books: Bookkeeping,
        partitions: int,
        *,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic,
        tell: Callable[[Done], None] = lambda _: None,
    ) -> None:
        self._log = log
        self._scoring = scoring
        self._books = books
        self._places = [TopicPartition(topic, number) for topic in scoring.topics for number in range(partitions)]
        self._pace = pace or PACE
        self._clock = clock
        self._tell = tell
        self._reader: Subscription | None = None
        self._settled: Positions = {}
        self._settled_at = 0.0

    def level(self, stop: Event) -> None:
        """Come to the log's end as it is now, and go on until what came meanwhile is less than a second's.

        This and the others return early when `stop` is set. All raise `TakenOver` and `BeyondEnd`, and wait for a log
        or a store that is down.
        """
        while not stop.is_set():
            began, ends = self._clock(), self.ends(stop)
            self.reach(ends, stop)
            if self._clock() - began < _LEVEL_SECONDS:
                self.reach(ends, stop)  # the second look at ends that are reached tells readers until when all is there
                return

    def follow(self, stop: Event) -> None:
        """Stay level until told to stop."""
        while not stop.is_set():
            self._patiently(self._turn, stop)

    def reach(self, ends: Positions, stop: Event) -> None:
        """Apply all that lies before some ends, and make it durable."""
        self._settled = {}
        while not stop.is_set() and not self._has(ends):
            self._patiently(self._turn, stop)
            self._tell(Done(sum(self._settled.values()), sum(ends.values())))

    def ends(self, stop: Event) -> Positions:
        """The log's ends as they are now."""
        found: dict[TopicPartition, int] = {}
        self._patiently(lambda reader: found.update(reader.end_offsets(self._places)), stop)
        return found

    def _has(self, ends: Positions) -> bool:
        return bool(self._settled) and all(self._settled[at] >= end for at, end in ends.items())

    def close(self) -> None:
        """Let go of the log; it is opened again where that is needed."""
        self._scoring.close()
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def _turn(self, reader: Subscription) -> None:
        records = reader.poll(timeout=self._pace.poll, most=self._pace.most)
        if records:
            self._scoring.apply(records, dict.fromkeys(self._places, _ALL))
        if not records or self._clock() - self._settled_at >= self._pace.commit_every:
            positions = {at: reader.position(at) for at in self._places}
            self._scoring.settle(reader, positions)
            self._scoring.settled()
            self._settled, self._settled_at = positions, self._clock()

    def _patiently(self, act: Callable[[Subscription], None], stop: Event) -> None:
        """Act; where a dependency is down, drop what is in hand, wait, and go on from the store's positions."""
        delay = self._pace.back_off
        while not stop.is_set():
            try:
                act(self._reader or self._begun())
            except SetBack as error:
                self.close()
                raise TakenOver from error
            except (Waiting, LogUnavailable, StoreUnavailable) as error:
                self.close()
                logger.warning("waiting", reason=str(error), seconds=delay)
                stop.wait(delay)
                delay = min(self._pace.back_off_most, 2 * delay)
            else:
                return

    def _begun(self) -> Subscription:
        if not may_be_filled(self._books.progress(range(BUCKETS))):
            raise TakenOver
        reader = self._reader = self._log.assign(self._places)
        applied = self._scoring.start(reader, frozenset(self._places), dict.fromkeys(self._places, _ALL))
        for at, beginning in reader.beginning_offsets(self._places).items():
            reader.seek(at, max(beginning, applied[at]))
        self._tell(Done(sum(applied.values()), sum(reader.end_offsets(self._places).values())))
        return reader
