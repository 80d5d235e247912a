"""Threads that keep a web process up to date: each does one thing again and again, and survives its failures."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import structlog

from shared.eventlog.port import LogUnavailable, UnknownTopic

_log = structlog.get_logger(__name__)


class Repeated:
    """Calls `act` every so many seconds until stopped. Start it after the fork: threads do not survive one.

    A failure is logged and tried again: what was read before goes on serving while the log is down. A thread that died
    in silence would let revoked keys in for ever.
    """

    def __init__(self, name: str, act: Callable[[], object], *, every: float = 0.5) -> None:
        self._name = name
        self._act = act
        self._every = every
        self._stop = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> Repeated:
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop, and wait until the last call is over."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        failing = ""
        while not self._stop.is_set():
            try:
                self._act()
                failing = ""
            except Exception as error:  # noqa: BLE001  # whatever it is, the next call may succeed
                kind = type(error).__name__
                if kind != failing:  # once per failure, not once per call
                    expected = isinstance(error, LogUnavailable | UnknownTopic)
                    _log.log(30 if expected else 40, "background_waits", task=self._name, error=kind)
                failing = kind
            self._stop.wait(self._every)
