"""The deliveries of a worker in memory: which may be tried now, one at a time of each subject. Threads share it."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Lock

from services.notify.delivery import Delivery
from shared.eventlog.partitioner import bucket_of

Lane = tuple[str, str]


class Lanes:
    """What waits, and what is under way. The store has all of it: this is filled anew from there."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[Lane, Delivery] = {}
        self._under_way: dict[Lane, Delivery] = {}
        self._heaps: dict[str, list[tuple[float, str, Lane]]] = {}
        self._buckets: frozenset[int] = frozenset()

    def fill(self, deliveries: Iterable[Delivery], buckets: frozenset[int]) -> list[Delivery]:
        """Begin anew with these, and take only deliveries of subjects of these buckets from now on.

        What is under way is finished by whoever has it. Where a process died with one under way and a later one of its
        lane waiting, that one alone is told: those that are not any more are given back.
        """
        passed = []
        with self._lock:
            self._waiting, self._heaps, self._buckets = {}, {}, buckets
            for each in sorted(deliveries, key=lambda each: each.offset):
                under_way = self._under_way.get(each.lane)
                if under_way is not None and under_way.delivery_id == each.delivery_id:
                    continue
                if earlier := self._waiting.get(each.lane):
                    passed.append(earlier)
                self._put(each)
        return passed

    def waiting(self, lane: Lane) -> Delivery | None:
        """Take what waits in a lane out, for a newer one to be put in its place."""
        with self._lock:
            return self._waiting.pop(lane, None)

    def is_under_way(self, lane: Lane) -> bool:
        """Whether the last state that was told in a lane is not certain."""
        with self._lock:
            return lane in self._under_way

    def put(self, delivery: Delivery) -> None:
        """Wait for its time."""
        with self._lock:
            self._put(delivery)

    def take(self, now: float, may: Callable[[str, int], bool]) -> Delivery | None:
        """One that may be tried now. `may` says of a subscription with so many under way whether one more may be."""
        with self._lock:
            busy = Counter(subscription for subscription, _ in self._under_way)
            for subscription in list(self._heaps):
                if may(subscription, busy[subscription]) and (found := self._first(subscription, now)):
                    self._heaps[subscription] = self._heaps.pop(subscription)  # the others come first next time
                    del self._waiting[found.lane]
                    tried = self._under_way[found.lane] = replace(found, base=None)
                    return tried
            return None

    def _first(self, subscription: str, now: float) -> Delivery | None:
        heap, put_back, found = self._heaps[subscription], [], None
        while heap and heap[0][0] <= now and found is None:
            item = heapq.heappop(heap)
            waits = self._waiting.get(item[2])
            if waits is None or waits.delivery_id != item[1]:
                continue  # a newer one came in its place
            if item[2] in self._under_way:
                put_back.append(item)
            else:
                found = waits
        for item in put_back:
            heapq.heappush(heap, item)
        if not heap and found is None:
            del self._heaps[subscription]
        return found

    def finish(self, delivery: Delivery, again: Delivery | None) -> bool:
        """It is no longer under way, and waits as `again` unless a newer one of its lane does; whether one does."""
        with self._lock:
            self._under_way.pop(delivery.lane, None)
            newer = delivery.lane in self._waiting
            if again is not None and not newer:
                self._put(again)
            return newer

    def drop(self, subscription_id: str) -> list[Delivery]:
        """Take out all that waits for a subscription."""
        with self._lock:
            gone = [each for each in self._waiting.values() if each.subscription_id == subscription_id]
            for each in gone:
                del self._waiting[each.lane]
            return gone

    def subscriptions(self) -> set[str]:
        """Those for which something waits."""
        with self._lock:
            return {subscription for subscription, _ in self._waiting}

    def __len__(self) -> int:
        with self._lock:
            return len(self._waiting) + len(self._under_way)

    def _put(self, delivery: Delivery) -> None:
        if bucket_of(delivery.subject_id) not in self._buckets:
            return  # another worker has it by now
        self._waiting[delivery.lane] = delivery
        heap = self._heaps.setdefault(delivery.subscription_id, [])
        heapq.heappush(heap, (delivery.due, delivery.delivery_id, delivery.lane))
