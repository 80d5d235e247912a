"""Uploaded files and their reports on `uploads.v1`, in chunks; who has their offsets reads them."""

from __future__ import annotations

from collections.abc import Sequence

from shared.eventlog.port import Appender, Log, LogUnavailable, Message, TopicPartition
from shared.eventlog.values import values_at

_CHUNK = 512 << 10
"""Bytes of one record: half of what a broker takes by default."""
_AT_ONCE = 8


class Files:
    """Puts and gets files. Threads may share it."""

    def __init__(self, log: Log, appender: Appender, topic: str) -> None:
        self._log, self._appender, self._at = log, appender, TopicPartition(topic, 0)

    def put(self, upload_id: str, content: bytes) -> list[int]:
        """Where its chunks lie. Raises `LogUnavailable`: then some may lie there, and nobody asks for them."""
        pieces = [content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK)]
        offsets = []
        for first in range(0, len(pieces), _AT_ONCE):
            some = pieces[first : first + _AT_ONCE]
            messages = [Message(self._at.topic, upload_id.encode(), piece, partition=0) for piece in some]
            for answer in self._appender.append(messages):
                if isinstance(answer, LogUnavailable):
                    raise answer
                offsets.append(answer.offset)
        return offsets

    def get(self, offsets: Sequence[int]) -> bytes:
        """A file. Raises `Lost` where the log has let it go, `LogUnavailable`."""
        return b"".join(values_at(self._log, self._at, offsets, _AT_ONCE))
