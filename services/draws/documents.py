"""Frozen documents on `documents.v1`, known by their SHA-256, in chunks of a bounded size.

A document is whole when its chunks follow one another from its first byte to its last. Until then nobody asks for it,
since the event that names it is written afterwards; putting it again writes what is missing and no more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice

from services.draws.places import Index, Places, header
from shared.eventlog.port import Log, LogUnavailable, Message, TopicPartition
from shared.eventlog.values import Lost, values_at

CHUNK = 512 << 10
"""Bytes of one record: half of what a broker takes by default."""
_AT_ONCE = 8
"""Chunks in flight."""


class NotThere(Exception):
    """No whole document of this SHA-256 lies on the log."""


class Corrupt(Exception):
    """What lies on the log is not what its key says."""


class Documents:
    """Puts and gets documents; whatever asks where they lie raises `StoreUnavailable` too. Threads may share it."""

    def __init__(self, log: Log, topic: str, index: Index) -> None:
        self._log, self._at = log, TopicPartition(topic, 0)
        self._places = Places(log, topic, index)

    def put(self, content: bytes) -> str:
        """Write what of a document is not there yet; its SHA-256.

        Raises `LogUnavailable`: then some of it may be there, and putting it again is right.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        missing = self._missing(sha256, content)
        appender = self._log.appender()
        try:
            while batch := list(islice(missing, _AT_ONCE)):
                for answer in appender.append(batch):
                    if isinstance(answer, LogUnavailable):
                        raise answer
        finally:
            appender.close()
        return sha256

    def get(self, sha256: str) -> bytes:
        """A document. Raises `NotThere`, `Corrupt`, `LogUnavailable`."""
        return b"".join(self.chunks(sha256))

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """A document chunk by chunk; whoever has taken the last one knows that all of them are right.

        Raises `NotThere`, `Corrupt`, `LogUnavailable`.
        """
        digest = hashlib.sha256()
        try:
            for content in values_at(self._log, self._at, self._offsets(sha256), _AT_ONCE):
                digest.update(content)
                yield content
        except Lost as lost:
            raise Corrupt(str(lost)) from None
        if digest.hexdigest() != sha256:
            raise Corrupt(f"{sha256} is {digest.hexdigest()} on the log")

    def close(self) -> None:
        """Let go of the log."""
        self._places.close()

    def _missing(self, sha256: str, content: bytes) -> Iterator[Message]:
        there = self._places.of(sha256)
        start, size = 0, len(content)
        while start < size:
            if start in there:
                start = there[start].end
                continue
            end = min(start + CHUNK, size)
            chunk = content[start:end]
            yield Message(self._at.topic, sha256.encode(), chunk, (header(start, end, size),), self._at.partition)
            start = end

    def _offsets(self, sha256: str) -> list[int]:
        there = self._places.of(sha256)
        offsets, start, size = [], 0, next((each.size for each in there.values()), 0)
        while start < size:
            if start not in there:
                raise NotThere(f"{sha256} lacks its byte {start} of {size}")
            offsets.append(there[start].offset)
            start = there[start].end
        if not offsets and sha256 != hashlib.sha256().hexdigest():
            raise NotThere(f"{sha256} is not on the log")
        return offsets
