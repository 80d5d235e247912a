"""Every refusal of access is told to `audit.v1`: by key, route and problem, those of some seconds together.

One record for each refusal would let anybody without a key fill a topic that is kept for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import NamedTuple
from uuid import uuid4

from shared.eventlog.own import own_message
from shared.eventlog.port import Appender, LogUnavailable
from shared.events.envelope import Event
from shared.events.types.access_refused import ACCESS_REFUSED

STATUSES = frozenset({401, 403, 429})
CODES = frozenset({"code-not-valid", "code-used"})
"""Of one-time codes, which are keys too."""
SOURCE = "urn:chengxin:access"
EVERY_SECONDS = 5.0


class Sort(NamedTuple):
    """What is counted together; all of it bounded: keys that were made, our routes, our problems."""

    code: str
    route: str
    method: str
    key_id: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How often, and when."""

    times: int
    first_at: datetime
    last_at: datetime


class Refusals:
    """Counts in a web process until it is told. While the log is down the counts are kept. Threads may share it."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._counts: dict[Sort, Count] = {}
        self._lock = Lock()

    def note(self, sort: Sort) -> None:
        """One more."""
        now = self._clock()
        with self._lock:
            before = self._counts.get(sort)
            self._counts[sort] = replace(before, times=before.times + 1, last_at=now) if before else Count(1, now, now)

    def tell(self, appender: Appender, topic: str) -> None:
        """Append what was counted. Raises `LogUnavailable`, and then counts on from where it was."""
        with self._lock:
            counts, self._counts = self._counts, {}
        if not counts:
            return
        messages = [own_message(topic, _event(sort, count, self._clock())) for sort, count in counts.items()]
        missing = [
            (sort, answer)
            for sort, answer in zip(counts, appender.append(messages), strict=True)
            if isinstance(answer, LogUnavailable)
        ]
        with self._lock:
            for sort, _ in missing:
                self._counts[sort] = _added(counts[sort], self._counts.get(sort))
        if missing:
            raise missing[0][1]


def _added(count: Count, later: Count | None) -> Count:
    return Count(count.times + later.times, count.first_at, later.last_at) if later else count


def _event(sort: Sort, count: Count, now: datetime) -> Event:
    data = {
        "code": sort.code,
        "route": sort.route,
        "method": sort.method,
        "times": count.times,
        "first_at": count.first_at.isoformat(),
        "last_at": count.last_at.isoformat(),
    }
    key = {} if sort.key_id is None else {"key_id": sort.key_id}
    return Event(uuid4().hex, SOURCE, ACCESS_REFUSED, f"access:{sort.route}", now.isoformat(), data | key)
