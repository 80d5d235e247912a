"""What the scoring worker does with records: one atomic step per bucket and batch (DESIGN.md section 4).

Never lose, never double: facts merge into ledgers that only grow, a summary follows from its ledger alone, and a
bucket's position is written after the effects of everything before it. So any prefix of what was written is a state
from which reading on gives the same end, however often a record is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import structlog

from services.scoring.breaking import Breaking
from services.scoring.cache import Cache
from services.scoring.calendar import Calendar
from services.scoring.decoding import Arrival, read
from services.scoring.folding import Folded, Folder, fold, refold
from services.scoring.positions import BucketPositions
from services.scoring.recorded import Recorded
from services.scoring.refreshing import Basis, Refreshing
from services.scoring.refusing import overtaken, refusal, refused
from services.scoring.relay import Relay
from shared.credit.facts import ID_CONFLICT, Fact
from shared.eventlog.dead_letters import dead_letter
from shared.eventlog.port import BeyondEnd, Message, Positions, Record, Subscription, TopicPartition
from shared.projection.applied import AppliedUntil
from shared.projection.port import Waiting
from shared.projection.rulebooks import PublishedRulebooks
from shared.projection.waiting import waiting_for_the_store
from shared.store.keys import field_of
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping
from shared.store.tenure import Tenure
from shared.telemetry.metrics import READABLE

logger = structlog.get_logger()
_ROUNDS = 8
_CHUNK = 200
"""Subjects recomputed in the background between two batches."""


class Scoring:
    """The projection of the subject-keyed topics into ledgers and summaries."""

    group = "scoring"

    def __init__(
        self,
        *,
        topics: tuple[str, ...],
        partitions: int,
        ledgers: Ledgers,
        bookkeeping: Bookkeeping,
        breaking: Breaking,
        rulebooks: PublishedRulebooks,
        relay: Relay,
        calendar: Calendar,
        applied: AppliedUntil,
        tenure: Tenure,
        recorded: Recorded,
        beside: bool = False,
    ) -> None:
        """`beside` the live store another is filled: its buckets stay marked as rebuilt, and nobody is told of them."""
        self.topics = topics
        self._partitions = partitions
        self._ledgers = ledgers
        self._rulebooks = rulebooks
        self._relay = relay
        self._breaking = breaking
        self._calendar = calendar
        self._beside = beside
        self._cache = Cache(ledgers)
        self._tenure = tenure
        self._positions = BucketPositions(bookkeeping, partitions, tenure)
        self._applied = applied
        self._recorded = recorded
        self._refreshing = Refreshing(ledgers, bookkeeping)

    def start(
        self, subscription: Subscription, partitions: frozenset[TopicPartition], committed: Positions
    ) -> Positions:
        self._cache.clear()
        self._applied.start()
        self._refreshing.start()
        numbers = {at.partition for at in partitions}
        places = self._positions
        with waiting_for_the_store():
            places.claim(numbers)
            self._breaking.start(partitions)
            self._relay.start(places.buckets(numbers))
            ends = subscription.end_offsets(partitions) if partitions else {}
            for at in partitions:
                if places.greatest(at) > ends[at]:
                    raise BeyondEnd(at, places.greatest(at), ends[at])
            applied = {at: places.least(at) for at in partitions}
            begun = {at: places.begun(at) for at in partitions}
            lost = {
                at.partition
                for at in partitions
                if applied[at] < committed.get(at, 0) or (not begun[at] and ends[at] > 0)
            }
            for number in lost:
                until = {at: end for at, end in ends.items() if at.partition == number}
                if not self._beside:
                    told = {field_of(at): end for at, end in until.items()}
                    logger.warning("rebuilding", partition=number, until=told)
                places.close(number, until)
            places.advance({at: offset for at, offset in applied.items() if not begun[at]})
        return applied

    def held(self) -> frozenset[TopicPartition]:
        """Topic partitions whose breaker is open."""
        return self._breaking.open()

    def apply(self, records: list[Record], committed: Positions) -> Iterable[Message]:
        rulebooks = self._rulebooks.refresh()
        arrivals, refusals = read(records, self._partitions)

        def fresh(record: Record) -> bool:
            return record.offset >= committed.get(record.at, 0)

        with waiting_for_the_store():
            today = self._calendar.today()

            def folded(subject_id: str, before: Folder) -> Folded | None:
                came = arrivals[subject_id]
                silent = not any(fresh(each.record) for each in came)
                return fold(subject_id, before, [each.fact for each in came], rulebooks, today, silent=silent)

            changed = self._change(arrivals, folded)
            self._tell_delays(arrivals, committed)
        before: list[Fact] = []
        for subject_id, item in changed.items():
            refusals += refused(arrivals[subject_id], item)
            before += overtaken([each.fact for each in arrivals[subject_id] if fresh(each.record)], item)
        late = [refusal(record, ID_CONFLICT) for record in self._recorded.records_of(before)]
        refusals = [each for each in refusals if fresh(each.record)]
        self._breaking.count(records, [each.record for each in refusals], committed)
        return [dead_letter(each.record, self.group, each.reason, each.detail) for each in (*refusals, *late)]

    def background(self) -> bool:
        """Recompute some of the summaries that no longer hold; whether more of them wait."""
        some = self._refreshing.take(_CHUNK)
        if not some:
            return False
        rulebooks = self._rulebooks.refresh()
        with waiting_for_the_store():
            today = self._calendar.today()
            self._change(some, lambda subject_id, before: refold(subject_id, before, rulebooks, today))
        self._refreshing.done(some)
        return self._refreshing.left > 0

    def settle(self, subscription: Subscription, positions: Positions) -> Iterable[Message]:
        rulebooks = self._rulebooks.refresh()
        with waiting_for_the_store():
            today = self._calendar.today()
            self._positions.advance(positions)
            self._breaking.keep()
            self._applied.note(subscription, positions)
            if not self._beside:
                self._reopen()
            readable = {number: self._positions.buckets([number]) for number in self._positions.open()}
            self._refreshing.look(readable, Basis(today, len(rulebooks)))
            return self._relay.messages(self._positions.buckets(readable))

    def settled(self) -> None:
        with waiting_for_the_store():
            self._relay.gone()
            if self._relay.all_gone:  # whoever reads these, and `scores.v1` after them, has all of it
                self._applied.keep()
                self._refreshing.keep()

    def close(self) -> None:
        """Let go of the log."""
        self._rulebooks.close()

    def _change(self, subjects: Iterable[str], folded: Callable[[str, Folder], Folded | None]) -> dict[str, Folded]:
        """Fold subjects and apply what becomes of them; what somebody else has changed is loaded and folded anew."""
        pending, done = set(subjects), {}
        for _ in range(_ROUNDS):
            held = self._cache.get(pending)
            changed = {subject: item for subject in pending if (item := folded(subject, held[subject]))}
            pending = set(self._ledgers.apply((item.change for item in changed.values()), self._tenure))
            for subject_id in changed.keys() - pending:
                item = done[subject_id] = changed[subject_id]
                self._cache.put(subject_id, item.after)
                self._relay.touch(subject_id)
            if not pending:
                return done
            self._cache.drop(pending)
        raise Waiting("another worker changes the same subjects, or knows more rulebooks")

    def _tell_delays(self, arrivals: Mapping[str, list[Arrival]], committed: Positions) -> None:
        """How long it took until what came can be read; what is read again in silence says nothing about that."""
        now = self._calendar.now().timestamp()
        for record in (each.record for came in arrivals.values() for each in came):
            if record.offset >= committed.get(record.at, 0):
                READABLE.observe(max(0.0, now - record.timestamp / 1000))

    def _reopen(self) -> None:
        """Open what is rebuilt to readers, after telling subscribers what differs from the last they were told."""
        if rebuilt := self._positions.rebuilt():
            self._relay.tell_differences(rebuilt, self._positions.buckets(rebuilt))
            self._positions.reopen(rebuilt)
            logger.info("rebuilt", partitions=rebuilt)
