"""The Kafka door: what an organ's systems wrote to `in.<organ>` goes on the log, or to the dead letters.

It keeps nothing of its own: the appended events, the letters and the group's positions go out in one transaction, so a
record is taken exactly once, and one that is read again after a crash was never taken before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

import structlog

from services.ingest.code_tables.tables import KnownTables
from services.ingest.intake import message_of
from services.ingest.judging import judge
from services.ingest.jurisdiction import Sender
from services.ingest.known import KnownOf, unknown
from services.ingest.translating import translated
from shared.eventlog.dead_letters import dead_letter
from shared.eventlog.port import Message, Positions, Record, Subscription, TopicPartition
from shared.eventlog.topics import INGEST, inbox_of
from shared.events.door import Refused, admit
from shared.events.envelope import BadEnvelope, Event
from shared.events.json_codec import refuse_repeated_names
from shared.events.kafka_codec import decode
from shared.projection.port import Waiting
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.access import UNBOUND
from shared.web.bounds import Bounds

NO_BOUNDS: Mapping[str, Bounds] = {}
_REMEMBERED = 10_000
"""Events of each bounded topic that are remembered as sent: what names one may come before that one is applied."""
_log = structlog.get_logger(__name__)


class Inboxes:
    """The projection of the organs' topics on to the log."""

    group = INGEST

    def __init__(
        self,
        organs: Collection[str],
        prefix: str,
        bounds: Mapping[str, Bounds] = NO_BOUNDS,
        known_of: KnownOf = unknown,
        tables: KnownTables = dict,
    ) -> None:
        """`bounds` are those of organs' topics, as a key has them; `known_of` is what subjects are known by; `tables`
        are those of own codes by now.
        """
        self.topics = tuple(prefix + inbox_of(organ) for organ in organs)
        self._prefix = prefix
        self._known_of, self._tables = known_of, tables
        self._senders = {prefix + inbox_of(organ): Sender(bounds.get(organ, UNBOUND)) for organ in organs}
        self._before: dict[str, deque[Event]] = {
            topic: deque(maxlen=_REMEMBERED if sender.is_bounded else 0) for topic, sender in self._senders.items()
        }

    def start(
        self,
        subscription: Subscription,  # noqa: ARG002  # the loop's, as below
        partitions: frozenset[TopicPartition],  # noqa: ARG002
        committed: Positions,  # noqa: ARG002
    ) -> Positions:
        """Nothing is kept here, so every partition begins where the group has committed."""
        return {}

    def apply(self, records: list[Record], committed: Positions) -> Iterable[Message]:  # noqa: ARG002
        """What the records become. Raises `Waiting` where the store has to say first whose it is what one names."""
        messages = [message for topic in self.topics for message in self._of_topic(topic, records)]
        letters = sum(message.topic.endswith(".dlq") for message in messages)
        _log.info("taken_in", records=len(messages), dead_letters=letters)
        return messages

    def _of_topic(self, topic: str, records: Iterable[Record]) -> Iterable[Message]:
        """What an organ's records become."""
        came = [(record, self._admitted(record)) for record in records if record.topic == topic]
        events = [event for _, event in came if isinstance(event, Event)]
        try:
            beyond = judge(events, self._senders[topic], self._known_of, self._before[topic])
        except (StoreUnavailable, Rebuilding):
            raise Waiting("the store has to say whose it is what an event names") from None
        place = 0
        for record, event in came:
            if not isinstance(event, Event):
                yield event
                continue
            if wrong := beyond.get(place):
                yield dead_letter(record, self.group, "out-of-bounds", str(Refused(*wrong)))
            else:
                self._before[topic].append(event)
                yield message_of(event, self._prefix)
            place += 1

    def _admitted(self, record: Record) -> Event | Message:
        """An event for the log, or a dead letter with the original bytes.

        What lies in the future is judged by when the record came, and so the same however late it is read.
        """
        came = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        try:
            event = decode(record.headers, record.value)
            refuse_repeated_names(record.value or b"{}")
            return translated(admit(event, came), self._tables())
        except BadEnvelope as bad:
            return dead_letter(record, self.group, "not-decodable", str(bad))
        except Refused as refused:
            return dead_letter(record, self.group, "schema", str(refused))

    def held(self) -> frozenset[TopicPartition]:
        """None: an organ's own topic holds up nobody else."""
        return frozenset()

    def background(self) -> bool:
        """Nothing."""
        return False

    def settle(self, subscription: Subscription, positions: Positions) -> Iterable[Message]:  # noqa: ARG002
        """Nothing more."""
        return ()

    def settled(self) -> None:
        """Nothing is held."""
