"""What became of letters that were sent again: waited for, a bounded time, until their readers have come past them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from shared.desk.acting import Outcome
from shared.desk.letters import Identity, Place
from shared.desk.reading import Box, read, within
from shared.eventlog.port import Log, TopicPartition

_AGAIN_SECONDS = 0.2


class Fate(NamedTuple):
    """How many were taken, were refused again, or wait: their reader is behind, does not run, or has stopped."""

    taken: int
    refused: int
    waiting: int


def fate(log: Log, boxes: Collection[Box], audit: str, outcome: Outcome, *, seconds: float) -> Fate:
    """What became of the letters of a replay within so many seconds.

    Raises `LogUnavailable`, `UnknownTopic`, `TooManyLetters`: they are sent again all the same.
    """
    if not outcome.sent:
        return Fate(0, 0, 0)
    _wait(log, outcome.sent, time.monotonic() + seconds)
    letters = read(log, within(boxes, {identity.topic for identity in outcome.sent}), audit)
    refused = sum(letters[each].succeeded_by is not None for each in outcome.sent)
    taken = sum(letters[each].state == "resolved" for each in outcome.sent)
    return Fate(taken, refused, len(outcome.sent) - refused - taken)


def _wait(log: Log, sent: dict[Identity, Place], deadline: float) -> None:
    ends: dict[str, dict[TopicPartition, int]] = defaultdict(dict)
    for identity, place in sent.items():
        at = TopicPartition(place.topic, place.partition)
        ends[identity.group][at] = max(place.offset + 1, ends[identity.group].get(at, 0))
    while not all(_passed(log, group, wanted) for group, wanted in ends.items()) and time.monotonic() < deadline:
        time.sleep(_AGAIN_SECONDS)


def _passed(log: Log, group: str, ends: dict[TopicPartition, int]) -> bool:
    committed = log.committed(group, ends)
    return all(committed.get(at, 0) >= end for at, end in ends.items())
