"""All uploads by now, read from `upload-steps.v1`, which is kept for a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from threading import Lock

import structlog

from services.ingest.uploads.steps import Upload, fold
from shared.eventlog.following import Follower
from shared.eventlog.port import Log, LogUnavailable, Record, TopicPartition
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode

_log = structlog.get_logger(__name__)


class Uploads:
    """The fold of the topic. Not for several threads."""

    def __init__(self) -> None:
        self.by_id: dict[str, Upload] = {}

    def take(self, record: Record) -> None:
        """One more record; one that was read before changes nothing."""
        try:
            event = decode(record.headers, record.value)
            name = event.data["upload_id"]
            at = datetime.fromtimestamp(record.timestamp / 1000, UTC).isoformat(timespec="milliseconds")
            if upload := fold(self.by_id.get(name), event, at):
                self.by_id[name] = upload
        except (BadEnvelope, KeyError, TypeError, ValueError) as error:
            _log.error("upload_record_unreadable", offset=record.offset, error=type(error).__name__)


class Following:
    """For web processes: each question reads on first. Threads may share it."""

    def __init__(self, log: Log, topic: str) -> None:
        self._follower = Follower(log, [TopicPartition(topic, 0)])
        self._uploads, self._reading = Uploads(), Lock()

    def uploads(self) -> Mapping[str, Upload]:
        """All that there are; while the log does not answer, as they were read last. Raises `LogUnavailable` where they
        never were.
        """
        with self._reading:
            try:
                for record in self._follower.news():
                    self._uploads.take(record)
            except LogUnavailable:
                if not self._uploads.by_id:
                    raise
            return dict(self._uploads.by_id)
