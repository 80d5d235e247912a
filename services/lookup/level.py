"""Until when, and for which sweep, the directory holds all that the scoring workers have told, by partition."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import NamedTuple

from shared.eventlog.port import Positions, TopicPartition
from shared.store.directory import Directory
from shared.store.progress import Bookkeeping


class Seen(NamedTuple):
    """The end that was seen after what the workers said: all of that lies before it."""

    end: int
    until: datetime
    swept: date


class Level:
    """Sees what the workers say and then the ends, and keeps it once these are filed.

    The workers say `applied_until` and the day of a sweep when all that follows from it has gone out.
    """

    def __init__(
        self,
        directory: Directory,
        bookkeeping: Bookkeeping,
        latest: Callable[[Collection[TopicPartition]], Positions],
    ) -> None:
        """`latest` gives the ends, behind the records of open transactions too."""
        self._directory = directory
        self._books = bookkeeping
        self._latest = latest
        self._seen: dict[int, Seen] = {}
        self._reached: dict[int, Seen] = {}

    def start(self) -> None:
        """Forget what was seen."""
        self._seen, self._reached = {}, {}

    def note(self, positions: Positions) -> None:
        """Compare what is filed with the ends seen before, and see new ones."""
        filed = {at.partition: offset for at, offset in positions.items()}
        self._reached = {number: seen for number, seen in self._seen.items() if filed.get(number, 0) >= seen.end}
        self._seen = {number: seen for number, seen in self._seen.items() if number not in self._reached}
        places = [at for at in positions if at.partition not in self._seen]
        numbers = [at.partition for at in places]
        until, swept = self._books.applied_each(numbers), self._books.swept(numbers)
        ends = self._latest(places) if places else {}
        for at, instant, day in zip(places, until, swept, strict=True):
            if instant and day:
                self._seen[at.partition] = Seen(ends[at], instant, day)

    def keep(self) -> None:
        """Tell readers, now that the positions are committed: by those a store that was set back since is known."""
        self._directory.set_levels({number: (seen.until, seen.swept) for number, seen in self._reached.items()})
        self._reached = {}
