"""Access keys on the log: topic `access.v1`, one partition, compacted, keyed by key id; hashes only, never a key."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import structlog

from shared.eventlog.following import Follower
from shared.eventlog.port import Log, Record, TopicPartition
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode
from shared.events.types.access_key_created import ACCESS_KEY_CREATED
from shared.events.types.access_key_revoked import ACCESS_KEY_REVOKED
from shared.events.types.one_time_code_issued import ONE_TIME_CODE_ISSUED
from shared.web.access import AccessKeys
from shared.web.background import FIRST_READ, Repeated
from shared.web.bounds import Bounds
from shared.web.codes import OneTimeCode

_log = structlog.get_logger(__name__)


class PublishedKeys:
    """Reads the topic into a directory of keys; one thread at a time."""

    def __init__(self, log: Log, topic: str, keys: AccessKeys) -> None:
        self._follower = Follower(log, [TopicPartition(topic, 0)])
        self._keys = keys

    def refresh(self) -> None:
        """Read on to the present end; then the directory is ready. Raises `LogUnavailable`."""
        for record in self._follower.news():
            apply(record, self._keys)
        self._keys.ready = True

    def close(self) -> None:
        """Let go of the log."""
        self._follower.close()


def read_keys(log: Log, topic: str) -> AccessKeys:
    """All keys on the log by now. Raises `LogUnavailable` and `UnknownTopic`."""
    keys = AccessKeys()
    with closing(PublishedKeys(log, topic, keys)) as published:
        published.refresh()
    return keys


def follow_keys(log: Log, topic: str) -> tuple[AccessKeys, Repeated]:
    """A directory, and the thread that keeps it up to date from now on; its `check` tells whether the log answers."""
    keys = AccessKeys()
    return keys, Repeated("access keys", PublishedKeys(log, topic, keys).refresh).start(patience=FIRST_READ)


def apply(record: Record, keys: AccessKeys) -> None:
    """What a record of the topic does to the directory; one that cannot be read does nothing, and is reported."""
    at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    try:
        event = decode(record.headers, record.value)
        if event.type == ACCESS_KEY_CREATED:
            data = event.data
            known = (data["key_id"], data["secret_hash"], data["label"], frozenset(data["scopes"]))
            keys.created(*known, at, _bounds(data), _instant(data.get("expires_at")), data.get("replaces"))
        elif event.type == ACCESS_KEY_REVOKED:
            data = event.data
            scopes, replaces = frozenset(data.get("scopes", ())), data.get("replaces")
            keys.revoked(data["key_id"], at, data.get("label", ""), scopes, replaces)
        elif event.type == ONE_TIME_CODE_ISSUED:
            data, expires = event.data, datetime.fromisoformat(event.data["expires_at"])
            names = data["code_id"], data["secret_hash"], data["subject"], data["about"], data["number"]
            keys.codes.issued(OneTimeCode(*names, expires))
    except (BadEnvelope, KeyError, TypeError, ValueError) as error:
        _log.error("access_record_unreadable", offset=record.offset, error=type(error).__name__)


def _bounds(data: dict[str, Any]) -> Bounds:
    return Bounds(tuple(data.get("regions", ())), tuple(data.get("sources", ())), data.get("subject"))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
