"""A delivery 推送: one message to one subscription of one subject, and when it is tried again. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import orjson

from services.notify.subscription import Change, Subscription
from shared.credit.shown import Body
from shared.eventlog.port import Record

AFTER = tuple(timedelta(seconds=each) for each in (5, 30, 120, 600, 1800, 7200, 18_000, 36_000, 50_400, 72_000))
"""After which time each further try comes; when all have failed, the delivery is dead. Three days in all."""
PAUSE_AFTER = 10
"""Failures of a subscription in a row after which it is paused."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """`digest` is that of what its subscriber then sees of the subject, empty where he is told that it is removed."""

    delivery_id: str
    subscription_id: str
    subject_id: str
    body: bytes
    digest: str
    offset: int = 0
    """Of the state that it tells: of two in a lane the greater is the later."""
    attempts: int = 0
    due: float = 0.0
    """Seconds since 1970 from which on it may be tried."""

    @property
    def lane(self) -> tuple[str, str]:
        """In a lane one delivery comes after the other."""
        return self.subscription_id, self.subject_id

    def encode(self) -> bytes:
        """As it is kept."""
        state = [self.digest, self.offset, self.attempts, self.due]
        return orjson.dumps([self.subscription_id, self.subject_id, self.body.decode(), *state])

    def failed(self, now: datetime) -> Delivery | None:
        """After one more failure; None where it was the last."""
        if self.attempts >= len(AFTER):
            return None
        due = now + AFTER[self.attempts]
        return replace(self, attempts=self.attempts + 1, due=due.timestamp())

    def resumed(self, at: float) -> Delivery:
        """Where its subscription was resumed at an instant: due then, if its last try had failed before."""
        if not self.attempts or self.due <= at or self.due - AFTER[self.attempts - 1].total_seconds() >= at:
            return self
        return replace(self, due=at)


def decode(delivery_id: str, text: bytes) -> Delivery:
    """What `encode` wrote."""
    subscription_id, subject_id, body, digest, offset, attempts, due = orjson.loads(text)
    state = {"offset": offset, "attempts": attempts, "due": due}
    return Delivery(delivery_id, subscription_id, subject_id, body.encode(), digest, **state)


def message(subscription: Subscription, change: Change, body: Body, record: Record, digest: str) -> Delivery:
    """The delivery of a change that a record of the log tells of: the same one however often it is read.

    The body is that of Standard Webhooks: `type`, `timestamp`, `data`.
    """
    subject_id = body["subject_id"]
    place = f"{record.topic} {record.partition} {record.offset}"
    identity = f"{subscription.subscription_id}\n{subject_id}\n{place}"
    delivery_id = f"msg_{hashlib.sha256(identity.encode()).hexdigest()[:32]}"
    at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    data = {"subject_id": subject_id} if change == "subject.removed" else body
    content = orjson.dumps({"type": change, "timestamp": at.isoformat(), "data": data})
    gone = "" if change == "subject.removed" else digest
    return Delivery(delivery_id, subscription.subscription_id, subject_id, content, gone, record.offset)


def trial(subscription: Subscription, delivery_id: str, now: datetime) -> Delivery:
    """A message that tells nothing, for a subscriber to see that he takes what comes."""
    data = {"subscription_id": subscription.subscription_id}
    content = orjson.dumps({"type": "subscription.test", "timestamp": now.isoformat(), "data": data})
    return Delivery(delivery_id, subscription.subscription_id, "", content, "")


def in_place_of(waiting: Delivery, newer: Delivery) -> Delivery:
    """What waits in a lane when a newer state comes: that one alone, since the older may not be shown any more, and at
    the time at which the older would have been tried.
    """
    return replace(newer, attempts=waiting.attempts, due=waiting.due)
