"""An appender that is opened when it is first needed, so that a door may start while the log is down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from shared.eventlog.port import Appended, Appender, LogUnavailable, Message

_PATIENCE = 5.0
"""Seconds that a request waits for another one that is connecting."""


class LateAppender:
    """An `Appender` over one that may not be there yet. Threads may share it."""

    def __init__(self, make: Callable[[], Appender]) -> None:
        self._make = make
        self._made: Appender | None = None
        self._making = Lock()

    def append(self, messages: Sequence[Message]) -> list[Appended | LogUnavailable]:
        """As the port says; opening it may be what raises `LogUnavailable`."""
        return self._appender().append(messages)

    def close(self) -> None:
        """Close what was opened."""
        if self._made is not None:
            self._made.close()

    def _appender(self) -> Appender:
        if self._made is not None:
            return self._made
        if not self._making.acquire(timeout=_PATIENCE):
            raise LogUnavailable("the log is not connected yet")
        try:
            made = self._made
            if made is None:
                made = self._made = self._make()
            return made
        finally:
            self._making.release()
