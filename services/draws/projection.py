"""What the draws' worker does with records: inspectors and what came of inspections are filed in the store.

All that is filed follows from the records alone, in whatever order they come. So a record may be filed again, and a
store that was lost is filled by reading the log from its beginning. What is no event is passed over: the scoring
worker reads the same topics, and puts it into the dead letters.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import structlog

from services.draws.people.filed import TYPES, effect_of
from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import BeyondEnd, Message, Positions, Record, Subscription, TopicPartition
from shared.eventlog.topics import PEOPLE
from shared.events.catalogue import catalogue
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode
from shared.projection.applied import AppliedUntil
from shared.projection.port import SetBack
from shared.projection.waiting import waiting_for_the_store
from shared.store import people
from shared.store.people import Effect, Move, People
from shared.store.progress import Bookkeeping

logger = structlog.get_logger()

_AT_ONCE = 500
"""Effects in one call: the store serves nobody else meanwhile."""
_TYPES = frozenset(name.encode() for name in TYPES)


class FilingPeople:
    """The projection of the subject-keyed topics into inspectors and outcomes."""

    group = PEOPLE

    def __init__(
        self,
        topics: tuple[str, ...],
        partitions: int,
        store: People,
        bookkeeping: Bookkeeping,
        latest: Callable[[Collection[TopicPartition]], Positions],
        now: Callable[[], datetime],
    ) -> None:
        """`partitions` is the number of those of each topic; `latest` gives ends, as `AppliedUntil` wants them."""
        self.topics = topics
        self._partitions = partitions
        self._store = store
        self._books = bookkeeping
        self._applied = AppliedUntil(self._tell, latest, now)
        self._filed: dict[TopicPartition, int] = {}

    def start(
        self,
        subscription: Subscription,
        partitions: frozenset[TopicPartition],
        committed: Positions,  # noqa: ARG002  # the loop's, as below
    ) -> Positions:
        """From what the store holds on, wherever the group has come to. Raises `OtherPartitions`."""
        self._applied.start()
        with waiting_for_the_store():
            self._books.refuse_other(self._partitions)
            self._filed = self._store.positions(list(partitions))
        ends = subscription.end_offsets(partitions) if partitions else {}
        for at, end in ends.items():
            if self._filed[at] > end:
                raise BeyondEnd(at, self._filed[at], end)
        return dict(self._filed)

    def apply(self, records: list[Record], committed: Positions) -> Iterable[Message]:  # noqa: ARG002
        """File what the records say."""
        telling = [(record, effect) for record in records if (effect := self._effect(record))]
        for start in range(0, len(telling), _AT_ONCE):
            some = telling[start : start + _AT_ONCE]
            self._file({record.at: record.offset + 1 for record, _ in some}, [effect for _, effect in some])
        return ()

    def held(self) -> frozenset[TopicPartition]:
        """None: one that cannot be read holds up no other."""
        return frozenset()

    def background(self) -> bool:
        """Nothing."""
        return False

    def settle(self, subscription: Subscription, positions: Positions) -> Iterable[Message]:
        """Note how far all is filed, and until when; a store that is idle may be set back as well."""
        self._file(positions)
        self._applied.note(subscription, positions)
        self._applied.keep()
        return ()

    def settled(self) -> None:
        """Nothing is held."""

    def _tell(self, numbers: Iterable[int], until: datetime) -> None:
        told = set(numbers)
        applied = [Effect("applied", str(number), text=until.isoformat().encode()) for number in told]
        self._file({at: filed for at, filed in self._filed.items() if at.partition in told}, applied)

    def _file(self, to: Positions, effects: Sequence[Effect] = ()) -> None:
        moves = {at: Move(self._filed.get(at, 0), end) for at, end in to.items()}
        with waiting_for_the_store(), _set_back():
            self._store.file(moves, effects)
        self._filed |= to

    def _effect(self, record: Record) -> Effect | None:
        """What a record files; most say that they are of other types, and are not decoded."""
        type_ = dict(record.headers).get("ce_type")
        if type_ is not None and type_ not in _TYPES:
            return None
        try:
            event = decode(record.headers, record.value)
        except BadEnvelope as error:
            _pass_over(record, str(error))
            return None
        if faults := catalogue().log_faults(event):
            _pass_over(record, "; ".join(f"{fault.pointer} {fault.message}" for fault in faults[:3]))
            return None
        if bucket_of(event.subject) % self._partitions != record.partition:
            _pass_over(record, "the record is not on its subject's partition")
            return None
        return effect_of(event, record.timestamp)


def _pass_over(record: Record, reason: str) -> None:
    logger.warning("passed_over", topic=record.topic, partition=record.partition, offset=record.offset, reason=reason)


@contextmanager
def _set_back() -> Iterator[None]:
    try:
        yield
    except people.SetBack as error:
        raise SetBack("the store is not as it was left: it was set back") from error
