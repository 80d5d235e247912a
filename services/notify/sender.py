"""Sends one message, and notes how it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import orjson

from services.notify import signature
from services.notify.delivery import PAUSE_AFTER, Delivery
from services.notify.directory import Directory
from services.notify.sending import GONE, Outcome
from services.notify.subscription import Subscription
from shared.store.deliveries import Deliveries
from shared.telemetry.metrics import DELIVERIES

PURPOSE = "webhook"
"""What secrets are derived for; each from the id of its subscription, so that none is kept anywhere."""

Post = Callable[[str, dict[str, str], bytes], Outcome]
"""Sends a message once, by address, headers and body."""
Secret = Callable[[str], bytes]
"""The secret of a subscription; raises `BadFolder` where there is nothing to derive it from."""


class Sender:
    """Sends one message, and notes how it went. Threads share it."""

    def __init__(
        self, directory: Directory, kept: Deliveries, post: Post, secret: Secret, clock: Callable[[], datetime]
    ) -> None:
        self._directory, self._kept = directory, kept
        self._post, self._secret, self._clock = post, secret, clock

    def may(self, subscription_id: str) -> Subscription | None:
        """The subscription, while its holder may still be told anything."""
        found = self._directory.find(subscription_id)
        return found if found is not None and self._directory.holder(found, self._clock()) is not None else None

    def live(self) -> set[str]:
        """All subscriptions whose holders may still be told anything."""
        return {each.subscription_id for each, _ in self._directory.live(self._clock())}

    def send(self, subscription: Subscription, delivery: Delivery) -> Outcome:
        """Send it once. Raises `BadFolder`."""
        secret = self._secret(subscription.subscription_id)
        headers = signature.headers(secret, delivery.delivery_id, delivery.body, self._clock())
        outcome = self._post(subscription.url, headers, delivery.body)
        DELIVERIES.labels("delivered" if outcome.delivered else "failed").inc()
        return outcome

    def holder(self, subscription_id: str) -> str:
        """The key that subscribed."""
        found = self._directory.find(subscription_id)
        return found.key_id if found else subscription_id

    def note(self, delivery: Delivery, outcome: Outcome, again: Delivery | None = None) -> None:
        """Keep how a try went, and pause a subscription that has failed too often. Raises `StoreUnavailable`.

        `again`: as it is tried again, if it is.
        """
        now, subscription_id = self._clock().isoformat(), delivery.subscription_id
        line = {
            "delivery_id": delivery.delivery_id,
            "subject_id": delivery.subject_id,
            "at": now,
            "attempt": delivery.attempts + 1,
            "delivered": outcome.delivered,
            "status": outcome.status,
            "detail": outcome.word,
            "next_attempt_at": again and datetime.fromtimestamp(again.due, UTC).isoformat(),
        }
        self._kept.tried(subscription_id, orjson.dumps(line))
        if outcome.delivered:
            self._kept.succeeded(subscription_id, now)
        elif self._kept.failed(subscription_id) >= PAUSE_AFTER or outcome.status == GONE:
            self._kept.pause(subscription_id, now)
