from __future__ import annotations

from threading import Event, Thread

import pytest

from shared.eventlog.late_appender import LateAppender
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


def test_two_requests_at_once_open_it_once():
    log, opening, made, results = MemoryLog({"t": 1}), Event(), [], []

    def make():
        opening.wait(10)
        made.append(1)
        return log.appender()

    appender = LateAppender(make)
    threads = [Thread(target=lambda: results.append(appender.append([Message("t", b"k", b"v")]))) for _ in range(3)]
    for thread in threads:
        thread.start()
    opening.set()
    for thread in threads:
        thread.join(10)
    assert (len(made), len(results)) == (1, 3)


class Breaks:
    """An appender that takes so many messages and nothing after them, as Kafka's client once one has expired."""

    def __init__(self, log, takes, whole=False):
        self._inner, self._takes, self._whole, self.closed = log.appender(), takes, whole, 0

    def append(self, messages):
        if self._whole:
            raise LogUnavailable("expired")
        done = self._inner.append(messages[: self._takes])
        return [*done, *(LogUnavailable("expired") for _ in messages[self._takes :])]

    def close(self):
        self.closed += 1


@pytest.mark.parametrize("whole", [True, False])
def test_one_that_failed_is_closed_and_the_next_request_has_another(whole):
    log = MemoryLog({"t": 1})
    broken = Breaks(log, 1, whole)
    made = [broken, log.appender()]
    appender = LateAppender(lambda: made.pop(0))
    messages = [Message("t", b"k", b"v")] * 2
    if whole:
        with pytest.raises(LogUnavailable):
            appender.append(messages)
    else:
        assert isinstance(appender.append(messages)[1], LogUnavailable)
    assert broken.closed == 1
    assert all(not isinstance(answer, LogUnavailable) for answer in appender.append(messages))
    assert made == []
