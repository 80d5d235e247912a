"""Sends what waits, each subscription at its own pace, and keeps what became of it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial
from threading import Event, Lock

import orjson
import structlog

from services.notify import signature
from services.notify.delivery import AFTER, PAUSE_AFTER, Delivery
from services.notify.directory import Directory
from services.notify.lanes import Lanes
from services.notify.sending import GONE, Outcome
from services.notify.subscription import Subscription
from shared.signing.folder import BadFolder
from shared.store.client import StoreUnavailable
from shared.store.deliveries import Deliveries, State
from shared.telemetry.metrics import DELIVERIES

logger = structlog.get_logger()
PURPOSE = "webhook"
"""What secrets are derived for; each from the id of its subscription, so that none is kept anywhere."""
_THREADS, _AT_ONCE = 16, 4
"""Deliveries under way in a worker, and of one subscription."""
_LOOK_SECONDS, _STATES_SECONDS = 0.1, 1.0

Post = Callable[[str, dict[str, str], bytes], Outcome]
"""Sends a message once, by address, headers and body."""
Secret = Callable[[str], bytes]
"""The secret of a subscription; raises `BadFolder` where there is nothing to derive it from."""


class Sender:
    """Sends one message, notes the try, and says what becomes of its delivery. Threads share it."""

    def __init__(
        self, directory: Directory, kept: Deliveries, post: Post, secret: Secret, clock: Callable[[], datetime]
    ) -> None:
        self._directory, self._kept = directory, kept
        self._post, self._secret, self._clock = post, secret, clock

    def may(self, subscription_id: str) -> Subscription | None:
        """The subscription, while its holder may still be told anything."""
        live = (each for each, _ in self._directory.live(self._clock()))
        return next((each for each in live if each.subscription_id == subscription_id), None)

    def attempt(self, subscription: Subscription, delivery: Delivery) -> Outcome:
        """Send it once, and note how it went. Raises `StoreUnavailable` and `BadFolder`."""
        now = self._clock()
        secret = self._secret(subscription.subscription_id)
        headers = signature.headers(secret, delivery.delivery_id, delivery.body, now)
        outcome = self._post(subscription.url, headers, delivery.body)
        DELIVERIES.labels("delivered" if outcome.delivered else "failed").inc()
        line = {
            "delivery_id": delivery.delivery_id,
            "subject_id": delivery.subject_id,
            "at": now.isoformat(),
            "attempt": delivery.attempts + 1,
            "delivered": outcome.delivered,
            "status": outcome.status,
            "detail": outcome.word,
        }
        self._kept.tried(subscription.subscription_id, orjson.dumps(line))
        if outcome.delivered:
            self._kept.succeeded(subscription.subscription_id, now.isoformat())
        elif self._kept.failed(subscription.subscription_id) >= PAUSE_AFTER or outcome.status == GONE:
            self._kept.pause(subscription.subscription_id, now.isoformat())
        return outcome

    def keep(self, delivery: Delivery, outcome: Outcome, again: Delivery | None, *, newer: bool) -> None:
        """Keep what became of a delivery. `again`: as it is tried anew; `newer`: a later state came in its place."""
        if outcome.delivered or newer:
            self._kept.forget(delivery.subject_id, [delivery.delivery_id])
        elif again is not None:
            self._kept.revise(again.subject_id, again.delivery_id, again.encode())
        else:
            self._kept.bury(delivery.subscription_id, delivery.delivery_id, delivery.encode())
            self._kept.forget(delivery.subject_id, [delivery.delivery_id])


class Sending:
    """Takes deliveries out of the lanes while it runs, and has a `Sender` send them."""

    def __init__(self, lanes: Lanes, sender: Sender, kept: Deliveries, clock: Callable[[], datetime]) -> None:
        self._lanes, self._sender, self._kept, self._clock = lanes, sender, kept, clock
        self._states: dict[str, State] = {}
        self._looked = float("-inf")
        self._resting: dict[str, float] = {}
        """Until when a subscription is left alone whose last try failed, in seconds since 1970."""
        self._unkept: deque[Callable[[], None]] = deque()
        """What could not be written of deliveries that are over: it is written before anything else is tried."""
        self._over = Event()
        """Something that was under way is over: another may be tried at once."""
        self._lock = Lock()

    def run(self, stop: Event) -> None:
        """Until told to stop; then what is under way is finished."""
        with ThreadPoolExecutor(_THREADS, "deliveries") as pool:
            flying: set[Future[None]] = set()
            while not stop.is_set():
                self._look()
                flying = {each for each in flying if not each.done()}
                found = self._lanes.take(self._clock().timestamp(), self._may) if len(flying) < _THREADS else None
                if found is None:
                    self._over.wait(_LOOK_SECONDS)
                    self._over.clear()
                else:
                    flying.add(pool.submit(self._deliver, found))
        with suppress(StoreUnavailable):  # whoever comes next tells it again
            self._write_the_rest()

    def _may(self, subscription_id: str, busy: int) -> bool:
        state = self._states.get(subscription_id, State())
        resting = self._clock().timestamp() < self._resting.get(subscription_id, 0.0)
        most = 1 if subscription_id in self._resting else _AT_ONCE
        return not resting and state.paused_at is None and busy < most

    def _look(self) -> None:
        """Who was paused or resumed, here or elsewhere; and what waits for whom there is no more."""
        if time.monotonic() - self._looked < _STATES_SECONDS:
            return
        self._looked = time.monotonic()
        try:
            self._write_the_rest()
            self._states = self._kept.states()
            with self._lock:  # who was resumed does not rest any longer
                failing = {name for name, state in self._states.items() if state.failures}
                self._resting = {name: until for name, until in self._resting.items() if name in failing}
            for subscription_id in self._lanes.subscriptions():
                if self._sender.may(subscription_id) is None:
                    for each in self._lanes.drop(subscription_id):
                        self._write(partial(self._kept.forget, each.subject_id, [each.delivery_id]))
        except StoreUnavailable:
            logger.warning("deliveries_wait", reason="the store does not answer")

    def _deliver(self, delivery: Delivery) -> None:
        outcome = Outcome(None, "not tried")
        subscription = self._sender.may(delivery.subscription_id)
        try:
            outcome = self._sender.attempt(subscription, delivery) if subscription else outcome
        except (StoreUnavailable, BadFolder) as error:
            logger.warning("deliveries_wait", reason=type(error).__name__)
            if self._lanes.finish(delivery, delivery):  # a later one is told instead, and this one never again
                self._write(partial(self._kept.forget, delivery.subject_id, [delivery.delivery_id]))
        else:
            failed = None if outcome.delivered or subscription is None else delivery.failed(self._clock())
            newer = self._lanes.finish(delivery, failed) or subscription is None
            self._write(partial(self._sender.keep, delivery, outcome, failed, newer=newer))
        self._rest(delivery.subscription_id, outcome)
        self._over.set()

    def _write(self, act: Callable[[], None]) -> None:
        """In order: an older delivery that is forgotten after a later one would be told again by whoever comes next."""
        if self._unkept:
            self._unkept.append(act)
            return
        try:
            act()
        except StoreUnavailable:
            self._unkept.append(act)

    def _write_the_rest(self) -> None:
        while self._unkept:
            self._unkept[0]()
            self._unkept.popleft()

    def _rest(self, subscription_id: str, outcome: Outcome) -> None:
        with self._lock:
            if outcome.delivered:
                self._resting.pop(subscription_id, None)
                return
            failures = self._states.get(subscription_id, State()).failures
            delay = AFTER[min(failures, len(AFTER) - 1)]
            self._resting[subscription_id] = (self._clock() + delay).timestamp()
