"""What costs the log and the store something to tell is asked once in a while, however many want to know."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Remembered(Generic[_T]):
    """Gives what `ask` answered within the last `seconds`; while one asks anew, the others have the answer before."""

    def __init__(self, ask: Callable[[], _T], *, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._asking = Lock()
        self._answer: tuple[_T, float] | None = None

    def __call__(self) -> _T:
        """Raises what `ask` raises."""
        if (kept := self._answer) and (self._clock() - kept[1] < self._seconds or self._asking.locked()):
            return kept[0]
        with self._asking:
            if not self._answer or self._clock() - self._answer[1] >= self._seconds:
                self._answer = self._ask(), self._clock()
            return self._answer[0]
