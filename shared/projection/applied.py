"""Until when everything on the log is applied, told to readers as `applied_until`, by partition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from shared.eventlog.port import Positions, Subscription, TopicPartition


class Seen(NamedTuple):
    """The ends that were seen at an instant: once they are applied, so is all that was there then."""

    ends: Positions
    at: datetime


class AppliedUntil:
    """Notes for each partition the instant at which the ends were seen that have been reached since."""

    def __init__(
        self,
        tell: Callable[[Iterable[int], datetime], None],
        latest: Callable[[Collection[TopicPartition]], Positions],
        now: Callable[[], datetime],
    ) -> None:
        """`tell` tells readers of partitions; `latest` gives the ends, behind the records of open transactions too."""
        self._tell = tell
        self._latest = latest
        self._now = now
        self._seen: dict[int, Seen] = {}
        self._reached: dict[datetime, list[int]] = {}

    def start(self) -> None:
        """Forget what was seen."""
        self._seen.clear()
        self._reached = {}

    def note(self, subscription: Subscription, positions: Positions) -> None:
        """See the ends, and compare what is applied with those seen before."""
        reached: dict[datetime, list[int]] = defaultdict(list)
        for number, seen in list(self._seen.items()):
            if all(positions.get(at, 0) >= end for at, end in seen.ends.items()):
                reached[seen.at].append(number)
                del self._seen[number]
        self._reached = reached
        owned = [at for at in subscription.owned() if at.partition not in self._seen]
        now = self._now()
        ends = self._latest(owned) if owned else {}
        for number in {at.partition for at in owned}:
            self._seen[number] = Seen({at: end for at, end in ends.items() if at.partition == number}, now)

    def keep(self) -> None:
        """Tell readers, now that the positions are committed: by those a store that was set back since is known."""
        for at, numbers in self._reached.items():
            self._tell(numbers, at)
        self._reached = {}
