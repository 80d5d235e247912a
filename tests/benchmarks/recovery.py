"""A scoring worker in a process of its own with the settings as shipped, and how long users wait after a SIGKILL."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil  # type: ignore[import-untyped]

from shared.eventlog.port import Appender, Message
from shared.settings import Settings
from shared.store.client import StoreUnavailable
from shared.store.ledgers import Ledgers

MOST_SECONDS = 300


class Worker:
    """`chengxin work scoring`, which can be killed and started again."""

    def __init__(self, settings: Settings) -> None:
        self._environment = os.environ | settings.environment() | {"CHENGXIN_LOG_LEVEL": "error"}
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "services.cli.main", "work", "scoring"]
        self.process = subprocess.Popen(command, env=self._environment)

    def restart(self) -> None:
        self.process.kill()
        self.process.wait()
        self.start()

    def megabytes(self) -> float:
        return psutil.Process(self.process.pid).memory_info().rss / (1 << 20)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


@contextmanager
def working(settings: Settings) -> Iterator[Worker]:
    worker = Worker(settings)
    try:
        yield worker
    finally:
        worker.stop()


def readable(ledgers: Ledgers, appender: Appender, message: Message, fault: Callable[[], None] | None = None) -> float:
    """Seconds until a new fact is in its subject's score, from its append, or from the fault that comes before it."""
    subject = (message.key or b"").decode()
    before = _digest(ledgers, subject)
    start = time.perf_counter()
    if fault:
        fault()
    appender.append([message])
    if not fault:
        start = time.perf_counter()
    while _digest(ledgers, subject) in (before, None):
        if time.perf_counter() - start > MOST_SECONDS:
            raise TimeoutError(f"{subject} was not scored within {MOST_SECONDS} s")
        time.sleep(0.002)
    return time.perf_counter() - start


def _digest(ledgers: Ledgers, subject: str) -> str | None:
    try:
        return ledgers.read(subject)[0].digest
    except StoreUnavailable:
        return None
