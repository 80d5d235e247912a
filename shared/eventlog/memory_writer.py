"""What appends to the log in memory: outside of transactions, in them, and alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from shared.eventlog.port import Appended, Fenced, LogUnavailable, Message, Positions, Subscription, TopicPartition

if TYPE_CHECKING:
    from shared.eventlog.memory import MemoryLog


class MemoryAppender:
    """Appends outside of transactions."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log

    def append(self, messages: Sequence[Message]) -> list[Appended | LogUnavailable]:
        """Append; one answer a message."""
        with self._log.changed:
            self._log.check()
            return list(self._log.write(messages))

    def close(self) -> None:
        """Nothing is held."""


class MemoryTransactor:
    """Appends and group positions at once, or nothing."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log

    def begin(self) -> None:
        """Nothing is ever left open."""

    def transact(self, messages: Iterable[Message], positions: Positions, owner: Subscription) -> list[Appended]:
        """All of it or nothing. Raises `Fenced` or `LogUnavailable`."""
        planned = list(messages)
        with self._log.changed:
            self._log.check()
            for message in planned:
                self._log.place(message)
            owner.commit(positions)
            return self._log.write(planned)

    def close(self) -> None:
        """Nothing is held."""


class MemorySoleWriter:
    """Appends in transactions until another of its name is opened."""

    def __init__(self, log: MemoryLog, name: str) -> None:
        self._log, self._name = log, name

    def write(
        self, messages: Sequence[Message], then: Callable[[Sequence[Appended]], Sequence[Message]]
    ) -> list[Appended]:
        """All or nothing. Raises `Fenced` or `LogUnavailable`."""
        with self._log.changed:
            self._log.check()
            if self._log.writers.get(self._name) is not self:
                raise Fenced("another process has opened this writer")
            appended = self._log.write(messages)
            try:
                self._log.write(then(appended))
            except BaseException:
                for each in appended:
                    self._log.records[TopicPartition(each.topic, each.partition)].pop()
                raise
            return appended

    def close(self) -> None:
        """Nothing is held."""
