"""Public answers, kept for a second: what everybody asks for at once is read and written out once.

Every cache on the way may keep such an answer for longer (`shared/web/caching.py`), so nobody is told anything older
by this. Answers to holders of keys are never kept: who has just sent an event finds it in the score.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

LIFE = 1.0
"""Seconds."""
_MOST = 20_000
"""Answers: some megabytes."""


class Answer(NamedTuple):
    """An answer as it is sent: its bytes, and its entity tag."""

    content: bytes
    tag: str


class Kept:
    """The answers of one process. Threads may share it: each change is one assignment."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._answers: dict[tuple[str, date], tuple[float, Answer]] = {}

    def find(self, subject_id: str, day: date, make: Callable[[], Answer]) -> Answer:
        """The public's answer on a subject on a day, today's; made where none is kept, and kept unless that raises."""
        key, now = (subject_id, day), self._seconds()
        at, answer = self._answers.get(key, (-LIFE, None))
        if answer is not None and now - at < LIFE:
            return answer
        answer = make()
        if len(self._answers) >= _MOST:
            self._answers = {}
        self._answers[key] = (now, answer)
        return answer
