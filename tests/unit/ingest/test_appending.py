from __future__ import annotations

from threading import Barrier, Thread

import pytest

from services.ingest.appending import LateAppender
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import LogUnavailable, Message


def test_a_log_that_is_down_at_the_start_is_opened_when_it_is_there():
    log, up = MemoryLog({"t": 1}), []

    def make():
        if not up:
            raise LogUnavailable("no brokers")
        return log.appender()

    appender = LateAppender(make)
    with pytest.raises(LogUnavailable):
        appender.append([Message("t", b"k", b"v")])
    up.append(True)
    assert appender.append([Message("t", b"k", b"v")])[0].offset == 0


def test_nobody_waits_behind_the_one_who_connects():
    log, inside, go_on, results = MemoryLog({"t": 1}), Barrier(2), Barrier(2), []

    def make():
        inside.wait(10)
        go_on.wait(10)
        return log.appender()

    appender = LateAppender(make)
    first = Thread(target=lambda: results.append(appender.append([Message("t", b"k", b"v")])))
    first.start()
    inside.wait(10)
    with pytest.raises(LogUnavailable):
        appender.append([Message("t", b"k", b"v")])
    go_on.wait(10)
    first.join(10)
    assert results[0][0].offset == 0
