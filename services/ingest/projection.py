"""The Kafka door: what an organ's systems wrote to `in.<organ>` goes on the log, or to the dead letters.

It keeps nothing of its own: the appended events, the letters and the group's positions go out in one transaction, so a
record is taken exactly once, and one that is read again after a crash was never taken before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

import structlog

from services.ingest.intake import message_of
from shared.eventlog.dead_letters import dead_letter
from shared.eventlog.port import Message, Positions, Record, Subscription, TopicPartition
from shared.eventlog.topics import INGEST, inbox_of
from shared.events.door import Refused, admit
from shared.events.envelope import BadEnvelope
from shared.events.json_codec import refuse_repeated_names
from shared.events.kafka_codec import decode

_log = structlog.get_logger(__name__)


class Inboxes:
    """The projection of the organs' topics on to the log."""

    group = INGEST

    def __init__(self, organs: Collection[str], prefix: str) -> None:
        self.topics = tuple(prefix + inbox_of(organ) for organ in organs)
        self._prefix = prefix

    def start(
        self,
        subscription: Subscription,  # noqa: ARG002  # the loop's, as below
        partitions: frozenset[TopicPartition],  # noqa: ARG002
        committed: Positions,  # noqa: ARG002
    ) -> Positions:
        """Nothing is kept here, so every partition begins where the group has committed."""
        return {}

    def apply(self, records: list[Record], committed: Positions) -> Iterable[Message]:  # noqa: ARG002
        """What the records become."""
        messages = [self._judge(record) for record in records]
        letters = sum(message.topic.endswith(".dlq") for message in messages)
        _log.info("taken_in", records=len(messages), dead_letters=letters)
        return messages

    def _judge(self, record: Record) -> Message:
        """An event for the log, or a dead letter with the original bytes.

        What lies in the future is judged by when the record came, and so the same however late it is read.
        """
        came = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        try:
            event = decode(record.headers, record.value)
            refuse_repeated_names(record.value or b"{}")
            return message_of(admit(event, came), self._prefix)
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
