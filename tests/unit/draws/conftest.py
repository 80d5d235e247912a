"""A desk on a log in memory."""

import pytest

from shared.eventlog.memory import MemoryLog
from tests.support.draws import Clock, Desk

PREFIX = "t."


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log(clock):
    return MemoryLog({"t.draws.v1": 1, "t.documents.v1": 1}, clock=clock.milliseconds)


@pytest.fixture
def desk(log, clock):
    return Desk(log, PREFIX, clock, wait=lambda _: None)
