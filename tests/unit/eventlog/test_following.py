from __future__ import annotations

import pytest

from shared.eventlog.following import Follower
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import LogUnavailable, Message, TopicPartition, UnknownTopic

PLACES = [TopicPartition("t", 0), TopicPartition("t", 1)]


@pytest.fixture
def log():
    made = MemoryLog()
    made.create("t", 2)
    return made


def append(log, *values, partition=0):
    log.appender().append([Message("t", None, value, (), partition=partition) for value in values])


def values(records):
    return [record.value for record in records]


def test_each_call_reads_to_the_present_end_of_all_its_partitions(log):
    follower = Follower(log, PLACES)
    assert values(follower.news()) == []
    append(log, b"1", b"2")
    append(log, b"3", partition=1)
    assert sorted(values(follower.news())) == [b"1", b"2", b"3"]
    append(log, b"4")
    assert values(follower.news()) == [b"4"]
    follower.close()


def test_a_call_that_was_broken_off_leaves_nothing_out(log):
    append(log, b"1", b"2")
    follower = Follower(log, PLACES)
    for _ in follower.news():
        break
    assert values(follower.news()) == [b"1", b"2"]


def test_after_a_failure_it_begins_anew(log, monkeypatch):
    append(log, b"1")
    follower = Follower(log, PLACES)
    assert values(follower.news()) == [b"1"]
    append(log, b"2")

    def silent(*_, **__):
        raise LogUnavailable("down")

    with monkeypatch.context() as patched:
        patched.setattr(type(follower._reader), "poll", silent)
        with pytest.raises(LogUnavailable):
            list(follower.news())
    assert values(follower.news()) == [b"1", b"2"]


def test_a_topic_that_does_not_exist_is_said(log):
    with pytest.raises(UnknownTopic):
        list(Follower(log, [TopicPartition("nowhere", 0)]).news())
