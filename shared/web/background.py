"""Threads that keep a web process up to date: each does one thing again and again, and survives its failures."""

from __future__ import annotations

from collections.abc import Callable
from logging import ERROR, WARNING
from threading import Event, Thread

import structlog

from shared.eventlog.port import LogUnavailable, UnknownTopic

_SENTENCES: dict[type[Exception], str] = {
    LogUnavailable: "does not answer",
    UnknownTopic: "has no topics yet; `chengxin topics apply` makes them",
}
FIRST_READ = 5.0
"""Seconds: a process that took calls before it knew the keys and rulebooks would refuse them all at its start; with the
log down it takes them in the end, and says why it cannot serve them."""
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
        self._failing: str | None = "has not been asked yet"
        self._well = Event()
        self._stop = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self, *, patience: float = 0.0) -> Repeated:
        """Begin; wait that many seconds at most for a first call that goes well."""
        self._thread.start()
        self._well.wait(patience)
        return self

    def stop(self) -> None:
        """Stop, and wait until the last call is over."""
        self._stop.set()
        self._thread.join()

    def finish(self) -> None:
        """Stop, and do it once more: what came since the last call is not lost with the process."""
        self.stop()
        try:
            self._act()
        except Exception as error:  # noqa: BLE001  # there is no next call
            self._failed(error)

    def check(self) -> str | None:
        """Whether the last call went well, else what was wrong: how readiness learns it without asking anew."""
        return self._failing

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._act()
            except Exception as error:  # noqa: BLE001  # whatever it is, the next call may succeed
                self._failed(error)
            else:
                self._failing = None
                self._well.set()
            self._stop.wait(self._every)

    def _failed(self, error: Exception) -> None:
        expected = isinstance(error, LogUnavailable | UnknownTopic)
        sentence = _SENTENCES.get(type(error), f"fails ({type(error).__name__})")
        if sentence != self._failing:  # once per failure, not once per call
            _log.log(WARNING if expected else ERROR, "background_waits", task=self._name, error=type(error).__name__)
        self._failing = sentence
