"""The sole writer of the log in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shared.eventlog.port import Appended, Fenced, Message, TopicPartition

if TYPE_CHECKING:
    from shared.eventlog.memory import MemoryLog


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
