"""Has what waits sent, each subscription at its own pace, and keeps what became of it."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Event, Lock

import structlog

from services.notify.delivery import AFTER, Delivery
from services.notify.lanes import Lanes
from services.notify.sender import Sender
from services.notify.sending import Outcome
from shared.signing.folder import BadFolder
from shared.store.client import StoreUnavailable
from shared.store.deliveries import Deliveries, State

logger = structlog.get_logger()
_THREADS, _AT_ONCE = 16, 4
"""Deliveries under way in a worker, and of one subscription, or of all that one key has made: *else* whoever is slow to
answer would hold up everybody."""
_LOOK_SECONDS, _STATES_SECONDS = 0.1, 1.0
_NO_KEYS = 60.0
"""Seconds after which it is looked again for keys to sign with."""


class Sending:
    """Takes deliveries out of the lanes while it runs, and has a `Sender` send them."""

    def __init__(
        self,
        lanes: Lanes,
        sender: Sender,
        kept: Deliveries,
        clock: Callable[[], datetime],
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        """`ready`: whether it is known who has subscribed. *Else* what waits for somebody would be for nobody."""
        self._ready = ready
        self._lanes, self._sender, self._kept, self._clock = lanes, sender, kept, clock
        self._states: dict[str, State] = {}
        self._looked = float("-inf")
        self._resting: dict[str, float] = {}
        """Until when a subscription is left alone whose last try failed, in seconds since 1970."""
        self._busy: Counter[str] = Counter()
        """Deliveries under way, by the key that subscribed."""
        self._unwritten: deque[Callable[[], None]] = deque()
        """What has become of deliveries and is not written yet."""
        self._writing = Lock()
        self._over = Event()
        """Something that was under way is over: another may be tried at once."""
        self._lock = Lock()

    def run(self, stop: Event) -> None:
        """Until told to stop; then what is under way is finished."""
        with ThreadPoolExecutor(_THREADS, "deliveries") as pool:
            flying: set[Future[None]] = set()
            while not stop.is_set():
                if not self._ready():
                    stop.wait(_LOOK_SECONDS)
                    continue
                self._look()
                flying = {each for each in flying if not each.done()}
                found = self._lanes.take(self._clock().timestamp(), self._may) if len(flying) < _THREADS else None
                if found is None:
                    self._over.wait(_LOOK_SECONDS)
                    self._over.clear()
                else:
                    flying.add(self._begin(pool, found))
        with suppress(StoreUnavailable):  # whoever comes next tells it again
            self._write_the_rest()

    def _begin(self, pool: ThreadPoolExecutor, delivery: Delivery) -> Future[None]:
        holder = self._sender.holder(delivery.subscription_id)
        with self._lock:
            self._busy[holder] += 1
        future = pool.submit(self._deliver, delivery)
        future.add_done_callback(lambda _: self._done(holder))
        return future

    def _done(self, holder: str) -> None:
        with self._lock:
            self._busy[holder] -= 1
            if not self._busy[holder]:
                del self._busy[holder]
        self._over.set()

    def _may(self, subscription_id: str, busy: int) -> bool:
        state = self._states.get(subscription_id, State())
        resting = self._clock().timestamp() < self._resting.get(subscription_id, 0.0)
        most = 1 if subscription_id in self._resting else _AT_ONCE
        full = self._busy.get(self._sender.holder(subscription_id), 0) >= _AT_ONCE
        return not resting and not full and state.paused_at is None and busy < most

    def _look(self) -> None:
        """Who was paused or resumed, here or elsewhere; and what waits for whom there is no more."""
        if time.monotonic() - self._looked < _STATES_SECONDS:
            return
        self._looked = time.monotonic()
        try:
            self._write_the_rest()
            self._see(self._kept.states())
            if waited_for := self._lanes.subscriptions():
                for subscription_id in waited_for - self._sender.live():
                    for each in self._lanes.drop(subscription_id):
                        self._write(partial(self._kept.forget, each.subject_id, [each.delivery_id]))
        except StoreUnavailable:
            logger.warning("deliveries_wait", reason="the store does not answer")

    def _see(self, states: dict[str, State]) -> None:
        """How subscriptions go by now; who was resumed is tried at once, though he may have failed since."""
        before, self._states = self._states, states
        resumed = {name: at for name, state in states.items() if (at := state.resumed_at)}
        self._lanes.resumed({name: datetime.fromisoformat(at).timestamp() for name, at in resumed.items()})
        failing = {name for name, state in states.items() if state.failures}
        failing -= {name for name, at in resumed.items() if at != before.get(name, State()).resumed_at}
        with self._lock:
            self._resting = {name: until for name, until in self._resting.items() if name in failing}

    def _deliver(self, delivery: Delivery) -> None:
        subscription = self._sender.may(delivery.subscription_id)
        if subscription is None or not self._lanes.is_news(delivery):
            self._write(partial(self._end, delivery, taken=subscription is not None))
        else:
            try:
                outcome = self._sender.send(subscription, delivery)
            except BadFolder:
                logger.warning("deliveries_wait", reason="there are no keys to sign them with")
                self._write(partial(self._later, delivery, replace(delivery, due=self._clock().timestamp() + _NO_KEYS)))
            else:
                again = None if outcome.delivered else delivery.failed(self._clock())
                note = partial(self._sender.note, delivery, outcome, again)
                self._write(note, partial(self._settle, delivery, outcome, again))
                self._rest(delivery.subscription_id, outcome)
        self._over.set()

    def _settle(self, delivery: Delivery, outcome: Outcome, again: Delivery | None) -> None:
        """Keep what became of a delivery; only then its lane goes on.

        *Else* a later one could be told and forgotten before an older one is, which whoever comes after a crash would
        then tell again.
        """
        if again is not None:
            self._later(delivery, again)
            return
        if not outcome.delivered:
            self._kept.bury(delivery.subscription_id, delivery.delivery_id, delivery.encode())
        self._end(delivery, taken=outcome.delivered)

    def _later(self, delivery: Delivery, again: Delivery) -> None:
        self._kept.revise(again.subject_id, again.delivery_id, again.encode())
        if not self._lanes.again(delivery, again):
            self._end(delivery, taken=False)  # a later one is told instead

    def _end(self, delivery: Delivery, *, taken: bool) -> None:
        self._kept.forget(delivery.subject_id, [delivery.delivery_id])
        (self._lanes.taken if taken else self._lanes.given_up)(delivery)

    def _write(self, *steps: Callable[[], None]) -> None:
        """Each step once, in order; those that the store does not take now when it answers again."""
        with self._writing:
            self._unwritten.extend(steps)
        with suppress(StoreUnavailable):
            self._write_the_rest()

    def _write_the_rest(self) -> None:
        with self._writing:
            while self._unwritten:
                self._unwritten[0]()
                self._unwritten.popleft()

    def _rest(self, subscription_id: str, outcome: Outcome) -> None:
        with self._lock:
            if outcome.delivered:
                self._resting.pop(subscription_id, None)
                return
            failures = self._states.get(subscription_id, State()).failures
            delay = AFTER[min(failures, len(AFTER) - 1)]
            self._resting[subscription_id] = (self._clock() + delay).timestamp()
