"""All subscriptions in memory, as topic `access.v1` tells them, with the keys of their holders."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import structlog

from services.notify.subscription import Subscription
from shared.eventlog.following import Follower
from shared.eventlog.port import Log, Record, TopicPartition
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode
from shared.events.types.subscription_created import SUBSCRIPTION_CREATED
from shared.events.types.subscription_deleted import SUBSCRIPTION_DELETED
from shared.registry.regions import prefix_of
from shared.web.access import AccessKey, AccessKeys
from shared.web.background import FIRST_READ, Repeated
from shared.web.key_log import apply as apply_to_keys

_log = structlog.get_logger(__name__)
SCOPES = frozenset({"scores:read", "scores:export"})
"""Who may subscribe."""


Live = tuple[Subscription, AccessKey]
"""A subscription whose holder may be told anything, with the key by which he may."""


class Directory:
    """One thread writes, all may read."""

    def __init__(self, keys: AccessKeys) -> None:
        self._keys = keys
        self._known: dict[str, Subscription] = {}
        self._holders: dict[str, str] = {}
        """By keys that were taken over from, the key that has done so."""

    def put(self, subscription: Subscription) -> None:
        """It was made."""
        self._known = {**self._known, subscription.subscription_id: subscription}

    def remove(self, subscription_id: str) -> None:
        """It was given up."""
        self._known = {name: each for name, each in self._known.items() if name != subscription_id}

    def find(self, subscription_id: str) -> Subscription | None:
        """By its id."""
        return self._known.get(subscription_id)

    def of(self, key_id: str) -> list[Subscription]:
        """Those of a key and of the keys that it has taken over from, by id."""
        held = set(self._keys.line(key_id))
        return [each for _, each in sorted(self._known.items()) if each.key_id in held]

    def live(self, now: datetime) -> list[Live]:
        """Those whose holder has a valid key that may subscribe, each with that key. It looks at all keys."""
        keys = [key for key in self._keys.all() if _lives(key, now)]
        holders = {old: key for key in keys for old in self._keys.line(key.key_id)}
        found = [(each, holders[each.key_id]) for each in self._known.values() if each.key_id in holders]
        return [(each, key) for each, key in found if _may(key, each)]

    def holder(self, subscription: Subscription, now: datetime) -> AccessKey | None:
        """The key by which the holder of one may be told now, without a look at all keys where it is the one before."""
        named = self._holders.get(subscription.key_id, subscription.key_id)
        key = self._keys.find(named)
        if key is not None and _lives(key, now) and _may(key, subscription):
            return key
        for key in self._keys.all():
            if _lives(key, now) and _may(key, subscription) and subscription.key_id in self._keys.line(key.key_id):
                self._holders[subscription.key_id] = key.key_id
                return key
        return None


def _lives(key: AccessKey, now: datetime) -> bool:
    return bool(key.scopes & SCOPES) and key.lives(now)


def _may(key: AccessKey, subscription: Subscription) -> bool:
    return subscription.ledger == "public" or "scores:read" in key.scopes


class Published:
    """Reads the topic. Threads may share it."""

    def __init__(self, log: Log, topic: str, keys: AccessKeys | None = None) -> None:
        """`keys` where somebody else follows them; else they are filled beside the directory."""
        self._follower = Follower(log, [TopicPartition(topic, 0)])
        self._own = keys is None
        self._keys = keys or AccessKeys()
        self.directory = Directory(self._keys)
        self._reading = Lock()
        self._read = False

    @property
    def ready(self) -> bool:
        """Whether it was read to its end once: until then nobody can say that a subscription is no more."""
        return self._read

    def refresh(self) -> None:
        """Read on to the present end. Raises `LogUnavailable`."""
        with self._reading:
            for record in self._follower.news():
                _apply(record, self.directory)
                if self._own:
                    apply_to_keys(record, self._keys)
            if self._own:
                self._keys.ready = True
            self._read = True

    def close(self) -> None:
        """Let go of the log."""
        self._follower.close()


def follow(log: Log, topic: str, keys: AccessKeys | None = None) -> Published:
    """A directory that a thread keeps up to date; `keys` where somebody else follows them."""
    published = Published(log, topic, keys)
    Repeated("subscriptions", published.refresh).start(patience=FIRST_READ)
    return published


def _apply(record: Record, directory: Directory) -> None:
    try:
        event = decode(record.headers, record.value)
        if event.type == SUBSCRIPTION_CREATED:
            directory.put(subscription_of(event.data, datetime.fromtimestamp(record.timestamp / 1000, UTC)))
        elif event.type == SUBSCRIPTION_DELETED:
            directory.remove(event.data["subscription_id"])
    except (BadEnvelope, KeyError, TypeError, ValueError) as error:
        _log.error("subscription_record_unreadable", offset=record.offset, error=type(error).__name__)


def subscription_of(data: dict[str, Any], created: datetime | None) -> Subscription:
    """The subscription that an event's data say."""
    return Subscription(
        data["subscription_id"],
        data["key_id"],
        data["url"],
        data["ledger"],
        data.get("label", ""),
        tuple(data.get("kinds", ())),
        tuple(dict.fromkeys(map(_prefix, data.get("regions", ())))),
        data.get("only_grades", False),
        created,
    )


def _prefix(region: str) -> str:
    """The part of a code that names it; what was taken once and names no level goes on to mean what it meant."""
    with suppress(ValueError):
        return prefix_of(region)
    return region
