"""Every dead letter of an installation in memory, read on from where it was left: for whoever asks again and again."""

from __future__ import annotations

from collections.abc import Collection
from threading import Lock

from shared.desk.letters import Act, Letter, derived
from shared.desk.reading import MOST_LETTERS, Box, TooManyLetters, act_of, committed_in, letter_of
from shared.eventlog.following import Follower
from shared.eventlog.port import Log, TopicPartition


class FollowedLetters:
    """Threads may share it: one reads, the others wait for it."""

    def __init__(self, log: Log, found: Collection[Box], audit: str) -> None:
        self._log, self._boxes = log, found
        self._in_boxes = Follower(log, [TopicPartition(box.topic, 0) for box in found])
        self._in_audit = Follower(log, [TopicPartition(audit, 0)])
        self._letters: list[Letter] = []
        self._acts: list[Act] = []
        self._lock = Lock()

    def __call__(self) -> Collection[Letter]:
        """Each in its state by now. Raises `LogUnavailable`, `UnknownTopic`, `TooManyLetters`."""
        with self._lock:
            committed = committed_in(self._log, self._boxes)
            try:
                for record in self._in_boxes.news():
                    self._add(letter_of(record))
                self._acts += [act for record in self._in_audit.news() if (act := act_of(record)) is not None]
            except BaseException:  # the next call reads from the beginning, so nothing that was read is kept
                self._letters, self._acts = [], []
                self._in_boxes.close()
                self._in_audit.close()
                raise
            return derived(self._letters, self._acts, committed).values()

    def _add(self, letter: Letter | None) -> None:
        if letter is not None:
            self._letters.append(letter)
        if len(self._letters) > MOST_LETTERS:
            raise TooManyLetters(f"there are more than {MOST_LETTERS:,} dead letters")
