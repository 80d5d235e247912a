"""What the lookup worker does with the subjects' states: each is filed in the directory by its latest one.

All that is filed follows from the last state of each subject alone. So a state may be filed again, and a store that was
lost is filled by reading `scores.v1` from its beginning (DESIGN.md section 4, directory).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import structlog

from services.lookup.directory import filed
from services.lookup.level import Level
from shared.eventlog.port import BeyondEnd, Message, Positions, Record, Subscription, TopicPartition
from shared.eventlog.topics import LOOKUP
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode
from shared.events.types.score_changed import SCORE_CHANGED
from shared.projection.waiting import waiting_for_the_store
from shared.store.directory import Directory, Row
from shared.store.progress import Bookkeeping

logger = structlog.get_logger()


class Filing:
    """The projection of `scores.v1` into the directory."""

    group = LOOKUP

    def __init__(
        self, topic: str, partitions: int, directory: Directory, bookkeeping: Bookkeeping, level: Level
    ) -> None:
        """`partitions` is the number of those of the topic."""
        self.topics: tuple[str, ...] = (topic,)
        self._partitions = partitions
        self._directory = directory
        self._books = bookkeeping
        self._level = level

    def start(
        self,
        subscription: Subscription,
        partitions: frozenset[TopicPartition],
        committed: Positions,  # noqa: ARG002  # the loop's, as below
    ) -> Positions:
        """From the least mark on, wherever the group has come to. Raises `OtherPartitions`."""
        self._level.start()
        with waiting_for_the_store():
            self._books.refuse_other(self._partitions)
            self._directory.claim([at.partition for at in partitions])
            ends = subscription.end_offsets(partitions) if partitions else {}
            for at, end in ends.items():
                # Everything would be passed over as older than what is filed.
                if self._directory.greatest(at.partition) > end:
                    raise BeyondEnd(at, self._directory.greatest(at.partition), end)
            return {at: self._directory.least(at.partition) for at in partitions}

    def apply(self, records: list[Record], committed: Positions) -> Iterable[Message]:  # noqa: ARG002
        """File what the records say."""
        rows: dict[int, list[Row]] = defaultdict(list)
        for record in records:
            if row := _row(record):
                rows[record.partition].append(row)
        with waiting_for_the_store():
            for number, here in rows.items():
                self._directory.file(number, here)
        return ()

    def held(self) -> frozenset[TopicPartition]:
        """None: these records are our own, and one that cannot be read holds up no other."""
        return frozenset()

    def background(self) -> bool:
        """Nothing."""
        return False

    def settle(self, subscription: Subscription, positions: Positions) -> Iterable[Message]:  # noqa: ARG002
        """Note how far all is filed."""
        with waiting_for_the_store():
            self._directory.advance({at.partition: offset for at, offset in positions.items()})
            self._level.note(positions)
        return ()

    def settled(self) -> None:
        """Tell readers."""
        with waiting_for_the_store():
            self._level.keep()


def _row(record: Record) -> Row | None:
    try:
        event = decode(record.headers, record.value)
    except BadEnvelope as error:
        logger.error("a state cannot be read", partition=record.partition, offset=record.offset, reason=str(error))  # noqa: TRY400
        return None
    found = filed(event.data) if event.type == SCORE_CHANGED else None
    return found and Row(event.subject, record.offset, *found)
