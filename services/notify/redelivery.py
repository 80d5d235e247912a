"""Takes up what was given up and is asked for again by hand.

It is put into its lane by whoever puts the newer states there: sent from anywhere else it could overtake one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from services.notify import delivery, told
from services.notify.delivery import Delivery
from services.notify.directory import Directory
from services.notify.lanes import Lanes
from shared.eventlog.partitioner import bucket_of
from shared.store.deliveries import Deliveries


class Redelivery:
    """For the one thread that fills the lanes."""

    def __init__(self, kept: Deliveries, directory: Directory, lanes: Lanes, clock: Callable[[], datetime]) -> None:
        self._kept, self._directory, self._lanes, self._clock = kept, directory, lanes, clock

    def take_up(self, buckets: Collection[int]) -> None:
        """What is asked for of the subjects of these buckets. Raises `StoreUnavailable`."""
        for name, text in self._kept.asked().items():
            buried = delivery.decode(name, text)
            if bucket_of(buried.subject_id) not in buckets:
                continue
            if self._is_so(buried):
                self._wait(replace(buried, attempts=0, due=0.0))
                self._kept.raise_dead(buried.subscription_id, name)
            self._kept.answered(name)

    def _is_so(self, buried: Delivery) -> bool:
        """Whether it tells what its subscriber may see by now; it was judged before, and that may be some time ago."""
        subscription = self._directory.find(buried.subscription_id)
        key = subscription and self._directory.holder(subscription, self._clock())
        if not subscription or not key:
            return False
        known = self._kept.told([buried.subject_id]).get(buried.subject_id)
        return subscription.shows(told.decode(known) if known else None, key.bounds) == buried.digest

    def _wait(self, again: Delivery) -> None:
        last = self._lanes.last(again.lane)
        if last is not None and last.digest == again.digest:
            return  # the same is told already
        self._kept.add(again.subject_id, again.delivery_id, again.encode())
        if instead := self._lanes.put(again):
            self._kept.forget(instead.subject_id, [instead.delivery_id])
