"""What was made a moment ago and is asked for again, such as a long receipt a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Recent(Generic[_T]):
    """The last few things made, by all that they follow from: whatever moves must be in the key. Threads may share it.

    `weigh` says what one takes of the `room`; the last one is kept however large it is. What weighs less than `least`
    is made anew, as it costs little, and leaves the room to the others.
    """

    def __init__(self, room: int, weigh: Callable[[_T], int], least: int = 0) -> None:
        self._room, self._weigh, self._least = room, weigh, least
        self._kept: dict[Hashable, _T] = {}  # the one that was asked for last is the last
        self._lock = Lock()

    def of(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """What is kept under the key, or else is made. Raises what `make` does."""
        with self._lock:
            if key in self._kept:
                self._kept[key] = found = self._kept.pop(key)
                return found
        made = make()
        if self._weigh(made) >= self._least:
            with self._lock:
                self._kept[key] = made
                while len(self._kept) > 1 and sum(map(self._weigh, self._kept.values())) > self._room:
                    del self._kept[next(iter(self._kept))]
        return made
