"""What became of letters that were sent again, on a log in memory."""

from __future__ import annotations

import pytest

from shared.desk.letters import Wish
from shared.desk.passing import Fate, fate
from shared.eventlog.port import LogUnavailable

from .test_desk import AUDIT, Worker, desk, found, log, send

__all__ = ["desk", "found", "log"]


@pytest.fixture
def worker(log):
    return Worker(log)


@pytest.fixture
def replayed(log, desk, worker):
    """Two letters that were sent again: `bad` and `worse`."""
    send(log, b"bad")
    send(log, b"worse", partition=1)
    worker.work(bad=b"")
    return desk.replay(Wish())


def test_each_letter_is_taken_refused_again_or_waits(log, found, worker, replayed):
    assert fate(log, found, AUDIT.topic, replayed, seconds=0) == Fate(taken=0, refused=0, waiting=2)
    worker.work(bad=b"worse")
    assert fate(log, found, AUDIT.topic, replayed, seconds=30) == Fate(taken=1, refused=1, waiting=0)


def test_the_time_is_bounded_where_nobody_reads(log, found, replayed):
    assert fate(log, found, AUDIT.topic, replayed, seconds=0.01).waiting == 2


def test_nothing_sent_is_nothing_to_wait_for(log, found, desk):
    assert fate(log, found, AUDIT.topic, desk.replay(Wish()), seconds=3600) == Fate(0, 0, 0)


def test_a_log_that_went_away_is_told(log, found, replayed):
    log.down = True
    with pytest.raises(LogUnavailable):
        fate(log, found, AUDIT.topic, replayed, seconds=30)
