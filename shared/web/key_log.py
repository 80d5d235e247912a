"""Access keys on the log: topic `access.v1`, one partition, compacted, keyed by key id; hashes only, never a key."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import structlog

from shared.eventlog.port import Appender, Log, LogUnavailable, Message, Record, Subscription, TopicPartition
from shared.events.codec_kafka import decode, encode
from shared.events.envelope import BadEnvelope, Event
from shared.web.access import AccessKeys
from shared.web.keys import SCOPES, Minted, mint

CREATED = "cn.chengxin.access_key.created.v1"
REVOKED = "cn.chengxin.access_key.revoked.v1"
SOURCE = "urn:chengxin:access"

_log = structlog.get_logger(__name__)
_TIMEOUT = 0.5


class PublishedKeys:
    """Reads the topic into a directory of keys; one thread at a time."""

    def __init__(self, log: Log, topic: str, keys: AccessKeys) -> None:
        self._log = log
        self._at = TopicPartition(topic, 0)
        self._keys = keys
        self._reader: Subscription | None = None

    def refresh(self) -> None:
        """Read on to the present end; then the directory is ready. Raises `LogUnavailable`."""
        if self._reader is None:
            self._reader = self._log.assign([self._at])
        end = self._reader.end_offsets([self._at])[self._at]
        while self._reader.position(self._at) < end:
            for record in self._reader.poll(timeout=_TIMEOUT, most=1000):
                apply(record, self._keys)
        self._keys.ready = True

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()


def apply(record: Record, keys: AccessKeys) -> None:
    """What a record of the topic does to the directory; one that cannot be read does nothing, and is reported."""
    at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    try:
        event = decode(record.headers, record.value)
        if event.type == CREATED:
            scopes = frozenset(event.data["scopes"])
            keys.created(event.subject, event.data["hash"], event.data["label"], scopes, at)
        elif event.type == REVOKED:
            keys.revoked(event.subject, at)
    except (BadEnvelope, KeyError, TypeError) as error:
        _log.error("access_record_unreadable", offset=record.offset, error=type(error).__name__)


def create_key(appender: Appender, topic: str, scopes: Collection[str], label: str, now: datetime) -> Minted:
    """Make a key and append its hash; the key itself is in the answer alone. Raises `LogUnavailable`."""
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise ValueError(f"{', '.join(unknown)}: no such scope; there are {', '.join(SCOPES)}")
    minted = mint()
    data = {"scopes": sorted(set(scopes)), "label": label, "hash": minted.key_hash}
    _append(appender, topic, CREATED, minted.key_id, data, now)
    return minted


def revoke_key(appender: Appender, topic: str, key_id: str, now: datetime) -> None:
    """Make a key invalid for good; doing it twice changes nothing. Raises `LogUnavailable`."""
    _append(appender, topic, REVOKED, key_id, {}, now)


def _append(appender: Appender, topic: str, type_: str, key_id: str, data: dict[str, Any], now: datetime) -> None:
    what = type_.split(".")[-2]
    event = Event(id=f"{key_id}.{what}", source=SOURCE, type=type_, subject=key_id, time=now.isoformat(), data=data)
    headers, value = encode(event)
    [answer] = appender.append([Message(topic, key_id.encode(), value, headers, partition=0)])
    if isinstance(answer, LogUnavailable):
        raise answer
