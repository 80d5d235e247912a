"""What the scoring worker does with records: one atomic step per bucket and batch (DESIGN.md section 4).

Never lose, never double: facts merge into ledgers that only grow, a summary follows from its ledger alone, and a
bucket's position is written after the effects of everything before it. So any prefix of what was written is a state
from which reading on gives the same end, however often a record is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import NamedTuple

import structlog

from services.scoring.cache import Cache
from services.scoring.decoding import Arrival, Refusal, read
from services.scoring.folding import Folded, fold
from services.scoring.positions import BucketPositions
from services.scoring.relay import Relay
from shared.credit.rulebook import Rulebooks
from shared.eventlog.dead_letters import Reason, dead_letter
from shared.eventlog.port import Message, Positions, Record, Subscription, TopicPartition
from shared.projection.loop import Waiting
from shared.projection.rulebooks import PublishedRulebooks
from shared.store.client import StoreUnavailable
from shared.store.keys import field_of
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping

logger = structlog.get_logger()
_ROUNDS = 8


class Applied(NamedTuple):
    """The ends of the log that were seen at an instant: once they are applied, so is all that was there then."""

    ends: Positions
    at: datetime


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
        rulebooks: PublishedRulebooks,
        relay: Relay,
        today: Callable[[], date],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.topics = topics
        self._partitions = partitions
        self._ledgers = ledgers
        self._books = bookkeeping
        self._rulebooks = rulebooks
        self._relay = relay
        self._today = today
        self._now = now
        self._cache = Cache(ledgers)
        self._positions = BucketPositions(bookkeeping, partitions)
        self._seen: Applied | None = None

    def start(
        self, subscription: Subscription, partitions: frozenset[TopicPartition], committed: Positions
    ) -> Positions:
        self._cache.clear()
        self._seen = None
        numbers = {at.partition for at in partitions}
        places = self._positions
        with _waiting():
            places.read(numbers)
            self._relay.start(places.buckets(numbers))
            applied = {at: places.least(at) for at in partitions}
            ends = subscription.end_offsets(partitions)
            begun = {at: places.begun(at) for at in partitions}
            lost = {
                at.partition
                for at in partitions
                if applied[at] < committed.get(at, 0) or (not begun[at] and ends[at] > 0)
            }
            for number in lost:
                until = {at: end for at, end in ends.items() if at.partition == number}
                logger.warning("rebuilding", partition=number, until={field_of(at): end for at, end in until.items()})
                places.close(number, until)
            places.advance({at: offset for at, offset in applied.items() if not begun[at]})
        return applied

    def apply(self, records: list[Record], committed: Positions) -> Iterable[Message]:
        rulebooks = self._rulebooks.refresh()
        arrivals, refusals = read(records, self._partitions)
        pending = set(arrivals)
        today = self._today()
        with _waiting():
            for _ in range(_ROUNDS):
                folded = self._fold(pending, arrivals, rulebooks, today, committed)
                pending = set(self._ledgers.apply(item.change for item in folded.values()))
                for subject_id, item in folded.items():
                    if subject_id not in pending:
                        self._cache.put(subject_id, item.after)
                        self._relay.touch(subject_id)
                        refusals += _refused(arrivals[subject_id], item)
                if not pending:
                    break
                self._cache.drop(pending)
            else:
                raise Waiting("another worker changes the same subjects, or knows more rulebooks")
        fresh = [item for item in refusals if item.record.offset >= committed.get(item.record.at, 0)]
        return [dead_letter(item.record, self.group, item.reason, item.detail) for item in fresh]

    def settle(self, subscription: Subscription, positions: Positions) -> Iterable[Message]:
        with _waiting():
            self._positions.advance(positions)
            self._note_applied(subscription, positions)
            self._reopen()
            return self._relay.messages()

    def settled(self) -> None:
        with _waiting():
            self._relay.gone()

    def _fold(
        self,
        subjects: set[str],
        arrivals: dict[str, list[Arrival]],
        rulebooks: Rulebooks,
        today: date,
        committed: Positions,
    ) -> dict[str, Folded]:
        held = self._cache.get(subjects)
        folded: dict[str, Folded] = {}
        for subject_id in subjects:
            facts = [arrival.fact for arrival in arrivals[subject_id]]
            silent = all(
                arrival.record.offset < committed.get(arrival.record.at, 0) for arrival in arrivals[subject_id]
            )
            item = fold(subject_id, held[subject_id], facts, rulebooks, today, silent=silent)
            if item:
                folded[subject_id] = item
        return folded

    def _reopen(self) -> None:
        """Open what is rebuilt to readers, after telling subscribers what differs from the last they were told."""
        if rebuilt := self._positions.rebuilt():
            self._relay.tell_differences(rebuilt, self._positions.buckets(rebuilt))
            self._positions.reopen(rebuilt)
            logger.info("rebuilt", partitions=rebuilt)

    def _note_applied(self, subscription: Subscription, positions: Positions) -> None:
        """Until when all is applied: the instant at which the ends were seen that have been reached since."""
        if self._seen and all(positions.get(at, 0) >= end for at, end in self._seen.ends.items()):
            self._books.set_applied({at.partition for at in self._seen.ends}, self._seen.at)
            self._seen = None
        if self._seen is None:
            now = self._now()
            self._seen = Applied(subscription.end_offsets(subscription.owned()), now)


def _refused(arrivals: list[Arrival], item: Folded) -> list[Refusal]:
    details: dict[str, tuple[Reason, str]] = {
        "unknown-code": ("unknown-code", "the rulebook in force on the fact's date does not list its code or severity"),
        "id-conflict": ("id-conflict", "another fact of this source has the same id and was recorded earlier"),
    }
    return [
        Refusal(arrival.record, *details[reason])
        for arrival in arrivals
        if (reason := item.rejected.get(arrival.fact.identity))
    ]


@contextmanager
def _waiting() -> Iterator[None]:
    """A store that is down is waited for; nothing is dead-lettered for it."""
    try:
        yield
    except StoreUnavailable as error:
        raise Waiting(f"the store: {error}") from error
