from __future__ import annotations

from threading import Event

from structlog.testing import capture_logs

from shared.eventlog.port import LogUnavailable
from shared.web.background import Repeated

SECONDS = 10


def test_it_acts_again_and_again_until_it_is_stopped():
    calls, third = [], Event()

    def act():
        calls.append(1)
        if len(calls) == 3:
            third.set()

    task = Repeated("test", act, every=0.001).start()
    assert third.wait(SECONDS)
    task.stop()
    assert not task._thread.is_alive()
    assert len(calls) >= 3


def test_no_failure_ends_it_and_each_sort_is_reported_once_without_its_text():
    faults: list[Exception | None] = [LogUnavailable("host"), LogUnavailable("host"), ValueError("secret"), None]
    done = Event()

    def act():
        fault = faults.pop(0) if faults else None
        if not faults:
            done.set()
        if fault:
            raise fault

    with capture_logs() as lines:
        task = Repeated("test", act, every=0.001)
        assert task.check() == "has not been asked yet"
        task.start()
        assert done.wait(SECONDS)
        task.stop()
    assert [(line["error"], line["log_level"]) for line in lines] == [
        ("LogUnavailable", "warning"),
        ("ValueError", "error"),
    ]
    assert "secret" not in str(lines)
    assert task.check() is None


def test_a_check_tells_of_the_last_call():
    asked = Event()

    def act():
        asked.set()
        raise LogUnavailable("host")

    task = Repeated("test", act, every=0.001).start()
    assert asked.wait(SECONDS)
    task.stop()
    assert task.check() == "does not answer"


def test_a_start_waits_for_the_first_call_that_goes_well():
    faults = [LogUnavailable("host"), LogUnavailable("host")]
    calls = []

    def act():
        calls.append(1)
        if faults:
            raise faults.pop()

    task = Repeated("test", act, every=0.001).start(patience=SECONDS)
    assert len(calls) >= 3
    assert task.check() is None
    task.stop()


def test_a_start_without_patience_and_without_success_goes_on():
    held = Event()
    task = Repeated("test", lambda: held.wait(SECONDS), every=0.001).start(patience=0.01)
    assert task.check() == "has not been asked yet"
    held.set()
    task.stop()


def test_the_end_does_it_once_more():
    calls = []
    task = Repeated("test", lambda: calls.append(1), every=60.0).start(patience=SECONDS)
    task.finish()
    assert len(calls) == 2
    assert not task._thread.is_alive()


def test_a_failure_at_the_end_is_reported_and_ends_nothing_else():
    def act():
        raise LogUnavailable("host")

    with capture_logs() as lines:
        Repeated("test", act, every=60.0).start().finish()
    assert [line["event"] for line in lines] == ["background_waits"]
