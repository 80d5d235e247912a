"""Until when and for which sweep the directory is whole: what the workers say, once the ends seen after are filed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.lookup.level import Level
from shared.eventlog.port import TopicPartition

AT = TopicPartition("scores", 0)
DAY = date(2026, 3, 1)
THEN = datetime(2026, 3, 1, tzinfo=UTC)
LATER = THEN + timedelta(seconds=1)


class Workers:
    """What the scoring workers say, and where the log ends; `told` is what readers are told."""

    def __init__(self):
        self.until, self.day, self.end, self.told = THEN, DAY, 5, []
        self.level = Level(self, self, lambda places: dict.fromkeys(places, self.end))

    def applied_each(self, numbers):
        return [self.until for _ in numbers]

    def swept(self, numbers):
        return [self.day for _ in numbers]

    def set_levels(self, levels):
        self.told += [(number, *level) for number, level in levels.items()]

    def settle(self, filed):
        self.level.note({AT: filed})
        self.level.keep()


@pytest.fixture
def workers():
    return Workers()


def test_readers_are_told_once_the_ends_that_were_seen_are_filed(workers):
    workers.settle(3)
    workers.settle(4)
    assert workers.told == []
    workers.settle(5)
    assert workers.told == [(0, THEN, DAY)]


def test_what_the_workers_say_later_has_ends_of_its_own(workers):
    workers.settle(5)
    workers.until, workers.end = LATER, 8
    workers.settle(5)
    assert workers.told == [(0, THEN, DAY)]
    workers.settle(7)
    workers.settle(8)
    assert workers.told == [(0, THEN, DAY), (0, LATER, DAY)]


@pytest.mark.parametrize("missing", ["until", "day"])
def test_nothing_is_told_before_the_workers_have_come_to_all_of_a_partition(workers, missing):
    setattr(workers, missing, None)
    for _ in range(3):
        workers.settle(5)
    assert workers.told == []


def test_nothing_is_told_that_was_not_committed(workers):
    workers.settle(5)
    workers.level.note({AT: 5})
    workers.level.start()
    workers.level.keep()
    assert workers.told == []
