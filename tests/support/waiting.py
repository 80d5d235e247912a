"""Waiting for a condition, and running a loop in a thread while a test looks on."""

from __future__ import annotations

import time
from contextlib import contextmanager
from threading import Event, Thread

SECONDS = 60


def until(holds, seconds=SECONDS, every=0.02):
    """What `holds` gives, once that is true."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(every)
    return found


@contextmanager
def running(loop):
    """A loop that is told to stop at the end, and then does."""
    stop = Event()
    thread = Thread(target=loop.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(SECONDS)
        assert not thread.is_alive()
