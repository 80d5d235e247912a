"""All tables in memory, as topic `access.v1` tells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock

import structlog

from services.ingest.translating import Tables
from shared.eventlog.following import Follower
from shared.eventlog.port import Log, LogUnavailable, Record, TopicPartition
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode
from shared.events.types.code_table_entered import CODE_TABLE_ENTERED
from shared.web.background import FIRST_READ, Repeated

_log = structlog.get_logger(__name__)
KnownTables = Callable[[], Tables]


class Directory:
    """Follows the topic, where it is given a log. Threads may share it."""

    def __init__(self, log: Log | None = None, topic: str = "") -> None:
        self._follower = Follower(log, [TopicPartition(topic, 0)]) if log else None
        self._reading = Lock()
        self._known: Tables = {}
        self._ready = log is None

    def tables(self) -> Tables:
        """All of them. Raises `LogUnavailable` until they were read: *else* an event would stand as it came."""
        if not self._ready:
            raise LogUnavailable("the tables of own codes were not read yet")
        return self._known

    def refresh(self) -> None:
        """Read on to the present end. Raises `LogUnavailable`."""
        with self._reading:
            for record in self._follower.news() if self._follower else ():
                self.take(record)
            self._ready = True

    def put(self, source: str, codes: Mapping[str, str]) -> None:
        """A table was entered."""
        self._known = {**self._known, source: codes}

    def take(self, record: Record) -> None:
        """Learn of a record, if it is one of ours."""
        try:
            event = decode(record.headers, record.value)
            if event.type == CODE_TABLE_ENTERED:
                self.put(
                    event.data["source"], {each["own_code"]: each["violation_code"] for each in event.data["codes"]}
                )
        except (BadEnvelope, KeyError, TypeError, ValueError) as error:
            _log.error("code_table_unreadable", offset=record.offset, error=type(error).__name__)


def follow(log: Log, topic: str) -> Directory:
    """A directory that a thread keeps up to date; what was read serves on when the log is down."""
    directory = Directory(log, topic)
    Repeated("code tables", directory.refresh).start(patience=FIRST_READ)
    return directory
