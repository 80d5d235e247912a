"""Access keys on the log: topic `access.v1`, one partition, compacted, keyed by key id; hashes only, never a key."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import structlog

from shared.eventlog.following import Follower
from shared.eventlog.port import Appender, Log, LogUnavailable, Message, Record, TopicPartition
from shared.events.catalogue import catalogue
from shared.events.envelope import BadEnvelope, Event
from shared.events.kafka_codec import decode, encode
from shared.events.types.access_key_created import ACCESS_KEY_CREATED
from shared.events.types.access_key_revoked import ACCESS_KEY_REVOKED
from shared.web.access import AccessKey, AccessKeys
from shared.web.background import FIRST_READ, Repeated
from shared.web.keys import SCOPES, Minted, mint

SOURCE = "urn:chengxin:access"

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
            keys.created(data["key_id"], data["secret_hash"], data["label"], frozenset(data["scopes"]), at)
        elif event.type == ACCESS_KEY_REVOKED:
            data = event.data
            keys.revoked(data["key_id"], at, data.get("label", ""), frozenset(data.get("scopes", ())))
    except (BadEnvelope, KeyError, TypeError) as error:
        _log.error("access_record_unreadable", offset=record.offset, error=type(error).__name__)


def create_key(appender: Appender, topic: str, scopes: Collection[str], label: str, now: datetime) -> Minted:
    """Make a key and append its hash; the key itself is in the answer alone. Raises `ValueError`, `LogUnavailable`."""
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise ValueError(f"{', '.join(unknown)}: no such scope; there are {', '.join(SCOPES)}")
    minted = mint()
    data = {"scopes": sorted(set(scopes)), "label": label, "secret_hash": minted.key_hash}
    _append(appender, topic, ACCESS_KEY_CREATED, minted.key_id, data, now)
    return minted


def revoke_key(appender: Appender, topic: str, key: AccessKey, now: datetime) -> None:
    """Make a key invalid for good; doing it twice changes nothing. Raises `LogUnavailable`.

    Compaction leaves the last record of each key alone, so this one says what a list of keys shows.
    """
    known = {"scopes": sorted(key.scopes), **({"label": key.label} if key.label else {})}
    _append(appender, topic, ACCESS_KEY_REVOKED, key.key_id, known, now)


def _append(appender: Appender, topic: str, type_: str, key_id: str, data: dict[str, Any], now: datetime) -> None:
    subject = f"key:{key_id}"
    event = Event(
        f"{key_id}.{type_.split('.')[-2]}", SOURCE, type_, subject, now.isoformat(), {"key_id": key_id, **data}
    )
    if found := catalogue().by_type[type_].checked.strict_faults(event.data, "data"):
        raise ValueError("; ".join(f"{fault.pointer} {fault.message}" for fault in found))
    headers, value = encode(event)
    [answer] = appender.append([Message(topic, subject.encode(), value, headers, partition=0)])
    if isinstance(answer, LogUnavailable):
        raise answer
