"""The log in memory does what any log must do."""

import itertools

import pytest

from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import LogUnavailable, Message, TopicPartition
from tests.integration.eventlog.behaviour import LogBehaviour


class TestMemoryLog(LogBehaviour):
    @pytest.fixture
    def clock(self):
        return itertools.count(1_700_000_000_000).__next__

    @pytest.fixture
    def log(self, clock):
        return MemoryLog(clock=clock)

    @pytest.fixture
    def create(self, log):
        def create(topic, partitions):
            log.create(topic, partitions)
            return topic

        return create


def test_a_log_that_is_down_says_so_everywhere():
    log = MemoryLog({"t": 1})
    at = TopicPartition("t", 0)
    appender, transactor = log.appender(), log.transactor("x")
    member = log.subscribe(["t"], group="g", member=None, assigned=lambda _: {}, revoked=lambda _: None)
    member.poll(timeout=0, most=1)
    log.down = True
    for act in (
        lambda: appender.append([Message("t", None, b"v")]),
        lambda: transactor.transact([], {at: 0}, member),
        lambda: member.poll(timeout=0, most=1),
        lambda: member.commit({at: 0}),
        lambda: member.end_offsets([at]),
        lambda: member.committed([at]),
        lambda: log.partitions("t"),
    ):
        with pytest.raises(LogUnavailable):
            act()
    log.down = False
    assert member.end_offsets([at]) == {at: 0}
