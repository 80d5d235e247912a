"""The deliveries of a worker in memory: which may be tried now, one at a time of each subject. Threads share it.

A lane is one subject of one subscription. In it one delivery is under way at most, and one waits at most: the latest.
"""

from __future__ import annotations

import heapq
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from threading import Lock

from services.notify.delivery import Delivery
from shared.eventlog.partitioner import bucket_of

Lane = tuple[str, str]
_MOST_TOLD = 100_000
"""Lanes of which it is remembered what was told last. Of others the same may be told again, which does no harm."""


class Lanes:
    """What waits, and what is under way. The store has all of it: this is filled anew from there."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[Lane, Delivery] = {}
        self._under_way: dict[Lane, Delivery] = {}
        self._heaps: dict[str, list[tuple[float, str, Lane]]] = {}
        self._buckets: frozenset[int] = frozenset()
        self._open = False
        self._resumed: Mapping[str, float] = {}
        self._told: OrderedDict[Lane, str] = OrderedDict()
        """What a subscriber has taken last, by its digest; nothing where a later try may have come or not."""

    def fill(self, deliveries: Iterable[Delivery], buckets: frozenset[int]) -> list[Delivery]:
        """Begin anew with these, and take only deliveries of subjects of these buckets from now on.

        None is taken until the lanes are opened: these may be older than what is on the log.
        What is under way is finished by whoever has it. Where a process died with one under way and a later one of its
        lane waiting, that one alone is told: those that are not any more are given back.
        """
        passed = []
        with self._lock:
            self._waiting, self._heaps, self._buckets, self._open = {}, {}, buckets, False
            self._told.clear()  # another worker may have told something else meanwhile
            for each in sorted(deliveries, key=lambda each: each.offset):
                under_way = self._under_way.get(each.lane)
                if under_way is not None and under_way.delivery_id == each.delivery_id:
                    continue
                if earlier := self._waiting.get(each.lane):
                    passed.append(earlier)
                self._put(each)
        return passed

    def open(self) -> None:
        """What waits is the latest by now."""
        with self._lock:
            self._open = True

    def resumed(self, instants: Mapping[str, float]) -> None:
        """When subscriptions were resumed, in seconds since 1970: what had failed before is due from then on."""
        with self._lock:
            news = {name for name, at in instants.items() if self._resumed.get(name) != at}
            self._resumed = instants
            for each in [each for each in self._waiting.values() if each.subscription_id in news]:
                self._put(each)

    def last(self, lane: Lane) -> Delivery | None:
        """What a lane will tell last: what waits there, or else what is under way and may wait again."""
        with self._lock:
            return self._waiting.get(lane) or self._under_way.get(lane)

    def withdraw(self, lane: Lane) -> Delivery | None:
        """Take out what waits in a lane, for a newer one to be put in its place."""
        with self._lock:
            return self._waiting.pop(lane, None)

    def put(self, delivery: Delivery) -> Delivery | None:
        """Wait for its time. Gives what it takes the place of: a try that failed meanwhile, which is not made again."""
        with self._lock:
            instead = self._waiting.get(delivery.lane)
            self._put(delivery)
            return instead

    def take(self, now: float, may: Callable[[str, int], bool]) -> Delivery | None:
        """One that may be tried now. `may` says of a subscription with so many under way whether one more may be."""
        with self._lock:
            if not self._open:
                return None
            busy = Counter(subscription for subscription, _ in self._under_way)
            for subscription in list(self._heaps):
                if may(subscription, busy[subscription]) and (found := self._first(subscription, now)):
                    self._heaps[subscription] = self._heaps.pop(subscription)  # the others come first next time
                    del self._waiting[found.lane]
                    self._under_way[found.lane] = found
                    return found
            return None

    def is_news(self, delivery: Delivery) -> bool:
        """Whether what is under way tells anything else than what was taken last. From now on that is not certain."""
        with self._lock:
            return self._told.pop(delivery.lane, None) != delivery.digest

    def _first(self, subscription: str, now: float) -> Delivery | None:
        heap, put_back, found = self._heaps[subscription], [], None
        while heap and heap[0][0] <= now and found is None:
            item = heapq.heappop(heap)
            waits = self._waiting.get(item[2])
            if waits is None or (waits.due, waits.delivery_id) != item[:2]:
                continue  # a newer one came in its place, or it is due at another time
            if item[2] in self._under_way:
                put_back.append(item)
            else:
                found = waits
        for item in put_back:
            heapq.heappush(heap, item)
        if not heap and found is None:
            del self._heaps[subscription]
        return found

    def taken(self, delivery: Delivery) -> None:
        """Its subscriber has taken it, and nothing of it is kept: its lane goes on."""
        with self._lock:
            self._told[delivery.lane] = delivery.digest
            self._told.move_to_end(delivery.lane)
            while len(self._told) > _MOST_TOLD:
                self._told.popitem(last=False)
            self._under_way.pop(delivery.lane, None)

    def given_up(self, delivery: Delivery) -> None:
        """Nothing of it is kept, and whether it was taken is not certain: its lane goes on."""
        with self._lock:
            self._under_way.pop(delivery.lane, None)

    def again(self, delivery: Delivery, later: Delivery) -> bool:
        """Try it again later; False where a newer one of its lane waits, and then it is under way still."""
        with self._lock:
            if delivery.lane in self._waiting:
                return False
            self._under_way.pop(delivery.lane, None)
            self._put(later)
            return True

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
        delivery = delivery.resumed(self._resumed.get(delivery.subscription_id, float("-inf")))
        self._waiting[delivery.lane] = delivery
        heap = self._heaps.setdefault(delivery.subscription_id, [])
        heapq.heappush(heap, (delivery.due, delivery.delivery_id, delivery.lane))
