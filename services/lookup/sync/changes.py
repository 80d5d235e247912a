"""What has changed since a cursor: of which subjects, from `scores.v1`; what is shown of them is asked of the desk."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from shared.eventlog.port import Log, Subscription, TopicPartition

_LOOK_SECONDS = 5.0
_POLL_SECONDS = 0.5


class BeyondEnd(Exception):
    """A cursor is beyond the end of the log: it is of a log that is no more."""


class Changed(NamedTuple):
    """Subjects of which something was published, each once, and the offsets behind it. `more` says whether there is
    more by now.
    """

    subjects: list[str]
    offsets: list[int]
    more: bool


class Feed:
    """Reads the topic for whoever asks. Raises `LogUnavailable`."""

    def __init__(self, log: Log, topic: str, partitions: int, seconds: Callable[[], float] = time.monotonic) -> None:
        self._log, self._seconds = log, seconds
        self._places = [TopicPartition(topic, number) for number in range(partitions)]
        self.partitions = partitions

    def ends(self) -> list[int]:
        """The ends of the topic by now. Whatever lies before them is in the store."""
        reader = self._log.assign(self._places)
        try:
            found = reader.end_offsets(self._places)
        finally:
            reader.close()
        return [found[at] for at in self._places]

    def since(self, offsets: Sequence[int], most: int) -> Changed:
        """What was published from some offsets on; about so many records. Raises `BeyondEnd`."""
        if any(offset > end for offset, end in zip(offsets, self._latest(), strict=True)):
            raise BeyondEnd
        reader = self._log.assign(self._places)
        try:
            ends, first = reader.end_offsets(self._places), reader.beginning_offsets(self._places)
            for at, offset in zip(self._places, offsets, strict=True):
                reader.seek(at, max(offset, first[at]))
            subjects: dict[str, None] = {}
            until = self._seconds() + _LOOK_SECONDS
            while _left(reader, ends) and len(subjects) < most and self._seconds() < until:
                for record in reader.poll(timeout=_POLL_SECONDS, most=most):
                    if record.key is not None:
                        subjects[record.key.decode()] = None
            return Changed(list(subjects), [reader.position(at) for at in self._places], _left(reader, ends))
        finally:
            reader.close()

    def _latest(self) -> list[int]:
        found = self._log.latest(self._places)
        return [found[at] for at in self._places]


def _left(reader: Subscription, ends: Mapping[TopicPartition, int]) -> bool:
    return any(reader.position(at) < end for at, end in ends.items())
