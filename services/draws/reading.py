"""All draws and the journal, read from `draws.v1`: a fold of the log, made anew at each start."""

from __future__ import annotations

import time
from datetime import datetime
from threading import Lock

import structlog

from services.draws.journal import Journal
from services.draws.steps import Draw, Draws, Step, fold
from shared.draw.journal_checks import SHANGHAI
from shared.eventlog.following import Follower
from shared.eventlog.port import Log, Record, TopicPartition
from shared.events.catalogue import catalogue
from shared.events.envelope import BadEnvelope, Event
from shared.events.kafka_codec import decode

logger = structlog.get_logger()

_BETWEEN_LOOKS = 0.01


class Reading:
    """Follows the topic, which has one partition. Threads may share it.

    `draws` is replaced whole, so that others may read it; `journal` only grows.
    """

    def __init__(self, log: Log, topic: str) -> None:
        self._follower = Follower(log, [TopicPartition(topic, 0)])
        self._reading = Lock()
        self._by_id: dict[str, Draw] = {}
        self._next = 0
        self._latest = 0
        self.draws = Draws({})
        self.journal = Journal()
        self.offsets: dict[str, int] = {}
        """Where each event lies, by its id."""

    def refresh(self) -> Draws:
        """Read the topic to its present end. Raises `LogUnavailable`, `UnknownTopic`."""
        with self._reading:
            before = self._next
            for record in self._follower.news():
                if record.offset >= self._next:  # after a failure it is read from its beginning
                    self._take(record)
                    self._next = record.offset + 1
            if self._next > before:
                self.draws = Draws(dict(self._by_id), self.journal.first)
            return self.draws

    def passes(self, offset: int, seconds: float) -> bool:
        """Read until what lies at an offset is read too, for so many seconds at most; whether it is.

        A transaction that has gone through cannot be read at once, and whoever is told of it may ask anybody next.
        """
        until = time.monotonic() + seconds
        self.refresh()
        while self._next <= offset:
            if time.monotonic() > until:
                return False
            time.sleep(_BETWEEN_LOOKS)
            self.refresh()
        return True

    def at(self, milliseconds: int) -> str:
        """The journal's instant for a time of the log: no line is earlier than the one before, whatever clocks do."""
        latest = max(milliseconds, self._latest)
        return datetime.fromtimestamp(latest / 1000, SHANGHAI).isoformat(timespec="milliseconds")

    def close(self) -> None:
        """Let go of the log."""
        self._follower.close()

    def _take(self, record: Record) -> None:
        """What cannot be understood is no step of any draw, for whoever reads the log."""
        try:
            event = _understood(record)
            step, at = Step(event.type, event.data), self.at(record.timestamp)
            draw = fold(self._by_id.get(event.data["draw_id"]), step, at)
        except (BadEnvelope, ValueError, KeyError) as error:
            logger.error("a step of a draw cannot be read", offset=record.offset, reason=str(error))  # noqa: TRY400
            return
        self._latest = max(self._latest, record.timestamp)
        self._by_id[draw.draw_id] = draw
        self.journal.take(step, at)
        self.offsets[event.id] = record.offset


def _understood(record: Record) -> Event:
    event = decode(record.headers, record.value)
    if faults := catalogue().log_faults(event):
        raise ValueError("; ".join(f"{fault.pointer} {fault.message}" for fault in faults[:3]))
    return event
