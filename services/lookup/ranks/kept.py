"""Rankings, each made once a minute at most: it takes an answer of every peer, some 60,000 a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from threading import Lock
from typing import NamedTuple

from services.lookup.desk import Desk
from services.lookup.question import Question
from services.lookup.ranks.ranking import Ranking, ranked
from shared.projection.remembered import Remembered

LIFE = 60.0
"""Seconds: as long as any cache may keep an answer."""
_MOST = 200
"""Rankings of a process."""


class Peers(NamedTuple):
    """Who is compared: of a kind, within a region (a prefix of its code)."""

    kind: str
    region: str


class Rankings:
    """The rankings of one process; none waits for another. Raises what the desk does."""

    def __init__(
        self, desk: Desk, names: Callable[[], Iterator[list[str]]], seconds: Callable[[], float] = time.monotonic
    ) -> None:
        """`names` gives the ids of all subjects, some at a time."""
        self._desk, self._names, self._seconds = desk, names, seconds
        self._kept: dict[tuple[Peers, date], Remembered[Ranking]] = {}
        self._lock = Lock()

    def of(self, peers: Peers, asked: Question) -> Ranking:
        """The ranking on the question's day; the question's subject plays no part."""
        key = (peers, asked.day)
        with self._lock:
            remembered = self._kept.get(key)
            if remembered is None:
                if len(self._kept) >= _MOST:
                    self._kept.clear()
                make = partial(self._make, peers, asked)
                remembered = self._kept[key] = Remembered(make, seconds=LIFE, clock=self._seconds)
        return remembered()

    def _make(self, peers: Peers, asked: Question) -> Ranking:
        answers = (
            answer
            for names in self._names()
            for answer in self._desk.answers(
                [asked._replace(subject_id=name) for name in names if name.startswith(f"{peers.kind}:")]
            )
            if (answer["region"] or "").startswith(peers.region) and answer["status"] != "closed"
        )
        return ranked(answers)
