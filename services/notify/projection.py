"""What the notify worker does with subjects' states: each is held against the last one, and who sees a change is told.

The state that is remembered and the deliveries that follow are written in one step, and a record that was remembered is
passed over: so a crash neither loses a delivery nor makes another of it. Where the store was lost, what lies before the
group's position is remembered again in silence: its deliveries went out, or are lost with the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import structlog

from services.notify import delivery, told
from services.notify.delivery import Delivery, in_place_of, message
from services.notify.directory import Published
from services.notify.lanes import Lanes
from services.notify.told import Told, told_of
from shared.eventlog.partitioner import BUCKETS
from shared.eventlog.port import BeyondEnd, Message, Positions, Record, Subscription, TopicPartition
from shared.eventlog.topics import NOTIFY
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode
from shared.events.types.score_changed import SCORE_CHANGED
from shared.projection.waiting import waiting_for_the_store
from shared.store.deliveries import Deliveries, Telling
from shared.store.progress import Bookkeeping

logger = structlog.get_logger()


class Notifying:
    """The projection of `scores.v1` into deliveries."""

    group = NOTIFY

    def __init__(
        self,
        topic: str,
        partitions: int,
        kept: Deliveries,
        bookkeeping: Bookkeeping,
        published: Published,
        lanes: Lanes,
        clock: Callable[[], datetime],
    ) -> None:
        """`partitions` is the number of those of the topic; `published` are the subscriptions, `lanes` what a sender
        takes deliveries from.
        """
        self.topics: tuple[str, ...] = (topic,)
        self._partitions = partitions
        self._kept, self._books = kept, bookkeeping
        self._published, self._lanes, self._clock = published, lanes, clock

    def start(
        self,
        subscription: Subscription,
        partitions: frozenset[TopicPartition],
        committed: Positions,  # noqa: ARG002  # the loop's, as below
    ) -> Positions:
        """From where the store has come to; what waits is taken over from there. Raises `OtherPartitions`."""
        with waiting_for_the_store():
            self._books.refuse_other(self._partitions)
            until = self._kept.told_until([at.partition for at in partitions])
            ends = subscription.end_offsets(partitions) if partitions else {}
            for at, end in ends.items():
                if until[at.partition] > end:
                    raise BeyondEnd(at, until[at.partition], end)
            owned = {at.partition for at in partitions}
            buckets = [bucket for bucket in range(BUCKETS) if bucket % self._partitions in owned]
            waiting = [delivery.decode(name, text) for name, text in self._kept.waiting(buckets).items()]
            for each in self._lanes.fill(waiting, frozenset(buckets)):
                self._kept.forget(each.subject_id, [each.delivery_id])
        return {at: until[at.partition] for at in partitions}

    def apply(self, records: list[Record], committed: Positions) -> Iterable[Message]:
        """Remember what the records say, and have told who is to be.

        Subscriptions are read first, to their end: whoever subscribed before a change is told of it, and what is
        remembered is never told again.
        """
        self._published.refresh()
        states = {record.key: (record, state) for record in records if (state := _state(record)) is not None}
        # Of a subject that stands in a batch more than once the last state alone is told, as if it had come alone.
        rows = [(record, state, *told_of(state, record.offset)) for record, state in states.values()]
        with waiting_for_the_store():
            known = self._kept.told([state["subject_id"] for _, state, *_ in rows])
            tellings = [
                self._telling(
                    record,
                    told.decode(text) if (text := known.get(state["subject_id"])) else None,
                    after,
                    bodies,
                    silent=record.offset < committed.get(TopicPartition(record.topic, record.partition), 0),
                )
                for record, state, after, bodies in rows
            ]
            if tellings:
                self._kept.tell(each for each, _ in tellings)
            for each in (each for _, made in tellings for each in made):
                if instead := self._lanes.put(each):
                    self._kept.forget(instead.subject_id, [instead.delivery_id])
        return ()

    def held(self) -> frozenset[TopicPartition]:
        """None: these records are our own, and one that cannot be read holds up no other."""
        return frozenset()

    def background(self) -> bool:
        """Nothing: deliveries are sent by a sender of their own."""
        return False

    def settle(self, subscription: Subscription, positions: Positions) -> Iterable[Message]:  # noqa: ARG002
        """Note how far all is told."""
        with waiting_for_the_store():
            self._kept.set_told_until({at.partition: offset for at, offset in positions.items()})
        return ()

    def settled(self) -> None:
        """Nothing more."""

    def _telling(
        self, record: Record, before: Told | None, after: Told, bodies: Any, *, silent: bool
    ) -> tuple[Telling, list[Delivery]]:
        subject_id = bodies["internal"]["subject_id"]
        passed = silent or (before is not None and before.offset >= after.offset)
        gone: list[str] = []
        new: list[Delivery] = []
        for made in () if passed else self._made(record, before, after, bodies):
            waits = self._lanes.withdraw(made.lane)
            gone += [waits.delivery_id] if waits else []
            new.append(in_place_of(waits, made) if waits else made)
        written = [(each.delivery_id, each.encode()) for each in new]
        return Telling(subject_id, after.offset, after.encode(), gone, written), new

    def _made(self, record: Record, before: Told | None, after: Told, bodies: Any) -> Iterator[Delivery]:
        at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        for subscription, key in self._published.directory.live(self._clock()):
            if subscription.created is not None and at < subscription.created:
                continue
            change = subscription.change(before, after, key.bounds)
            if change is None:
                continue
            ledger = subscription.ledger
            yield message(subscription, change, bodies[ledger], record, after.views[ledger].digest)


def _state(record: Record) -> dict[str, Any] | None:
    """The state that a record tells; None where a fault of ours failed on its subject: nothing new is known then."""
    try:
        event = decode(record.headers, record.value)
    except BadEnvelope as error:
        logger.error("a state cannot be read", partition=record.partition, offset=record.offset, reason=str(error))  # noqa: TRY400
        return None
    return event.data if event.type == SCORE_CHANGED and "failed" not in event.data else None
