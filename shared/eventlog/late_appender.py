"""An appender that is opened when it is first needed, and anew after it has failed.

So a door may start while the log is down; and Kafka's client, which never recovers once an idempotent record of its has
expired (kafka-python 3.0.12: every later one times out too), is given up with the first failure.
"""

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
        appender = self._appender()
        try:
            answers = appender.append(messages)
        except LogUnavailable:
            self._give_up(appender)
            raise
        if any(isinstance(answer, LogUnavailable) for answer in answers):
            self._give_up(appender)
        return answers

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

    def _give_up(self, appender: Appender) -> None:
        """Whoever fails first closes it; what others have in it fails too, and sending that again is harmless."""
        with self._making:
            if self._made is not appender:
                return
            self._made = None
        appender.close()
