"""What the notify worker does with subjects' states: each is held against the last one, and who sees a change is told.

The state that is remembered and the deliveries that follow are written in one step, and a record that was remembered is
passed over: so a crash neither loses a delivery nor makes another of it. Where the store was lost or set back, what
lies before the group's position is remembered again in silence: its deliveries went out, or are lost with the store.
Only whoever would be told what waits in an older store is told what is so by now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from services.notify import delivery, told
from services.notify.delivery import Delivery, in_place_of
from services.notify.directory import Published
from services.notify.lanes import Lanes
from services.notify.recipients import deliveries_of
from services.notify.redelivery import Redelivery
from services.notify.states import state_of
from services.notify.told import Told, told_of
from shared.eventlog.partitioner import BUCKETS
from shared.eventlog.port import BeyondEnd, Message, Positions, Record, Subscription, TopicPartition
from shared.eventlog.topics import NOTIFY
from shared.projection.waiting import waiting_for_the_store
from shared.store.deliveries import Deliveries, Telling
from shared.store.progress import Bookkeeping


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
        self._redelivery = Redelivery(kept, published.directory, lanes, clock)
        self._buckets: frozenset[int] = frozenset()
        self._ends: Positions = {}
        """Up to where has to be read before anything is sent."""

    def start(
        self,
        subscription: Subscription,
        partitions: frozenset[TopicPartition],
        committed: Positions,  # noqa: ARG002  # the loop's, as below
    ) -> Positions:
        """From where the store has come to; what waits is taken over from there. Raises `OtherPartitions`.

        It is not sent before all is read that is on the log by now, which may say that it is so no longer.
        """
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
            self._buckets = frozenset(buckets)
            for each in self._lanes.fill(waiting, self._buckets):
                self._kept.forget(each.subject_id, [each.delivery_id])
        self._ends = ends
        return {at: until[at.partition] for at in partitions}

    def apply(self, records: list[Record], committed: Positions) -> Iterable[Message]:
        """Remember what the records say, and have told who is to be.

        Subscriptions are read first, to their end: whoever subscribed before a change is told of it, and what is
        remembered is never told again.
        """
        self._published.refresh()
        again = [each for each in records if _went_out(each, committed)]
        # Apart: what is told is held against what went out last, and not against what an older store remembers.
        self._remember(again, silent=True)
        self._remember([each for each in records if not _went_out(each, committed)], silent=False)
        return ()

    def held(self) -> frozenset[TopicPartition]:
        """None: these records are our own, and one that cannot be read holds up no other."""
        return frozenset()

    def background(self) -> bool:
        """Nothing: deliveries are sent by a sender of their own."""
        return False

    def settle(self, subscription: Subscription, positions: Positions) -> Iterable[Message]:  # noqa: ARG002
        """Note how far all is told: once that is far enough, what waits is sent. Take up what is asked for again."""
        with waiting_for_the_store():
            self._kept.set_told_until({at.partition: offset for at, offset in positions.items()})
            if self._published.ready:
                self._redelivery.take_up(self._buckets)
        if all(positions.get(at, end) >= end for at, end in self._ends.items()):
            self._lanes.open()
        return ()

    def settled(self) -> None:
        """Nothing more."""

    def _remember(self, records: list[Record], *, silent: bool) -> None:
        states = {record.key: (record, state) for record in records if (state := state_of(record)) is not None}
        # Of a subject that stands in a batch more than once the last state alone is told, as if it had come alone.
        rows = [(record, state, *told_of(state, record.offset)) for record, state in states.values()]
        if not rows:
            return
        live = self._published.directory.live(self._clock())
        with waiting_for_the_store():
            known = self._kept.told([state["subject_id"] for _, state, *_ in rows])
            tellings = []
            for record, state, after, bodies in rows:
                text = known.get(state["subject_id"])
                before = told.decode(text) if text else None
                if before is None or before.offset < after.offset:
                    new = deliveries_of(record, before, after, bodies, live, self._lanes, silent=silent)
                    tellings.append(self._telling(state["subject_id"], after, new))
            self._kept.tell(each for each, _ in tellings)
            for each in (each for _, made in tellings for each in made):
                if instead := self._lanes.put(each):
                    self._kept.forget(instead.subject_id, [instead.delivery_id])

    def _telling(self, subject_id: str, after: Told, made: Iterable[Delivery]) -> tuple[Telling, list[Delivery]]:
        gone: list[str] = []
        new: list[Delivery] = []
        for each in made:
            waits = self._lanes.withdraw(each.lane)
            gone += [waits.delivery_id] if waits else []
            new.append(in_place_of(waits, each) if waits else each)
        written = [(each.delivery_id, each.encode()) for each in new]
        return Telling(subject_id, after.offset, after.encode(), gone, written), new


def _went_out(record: Record, committed: Positions) -> bool:
    return record.offset < committed.get(TopicPartition(record.topic, record.partition), 0)
