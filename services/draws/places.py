"""Where the chunks of documents lie on `documents.v1`: what their headers say, and nothing of their content."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from threading import Lock
from typing import NamedTuple

import structlog

from shared.eventlog.following import Follower
from shared.eventlog.port import Log, Record, TopicPartition

logger = structlog.get_logger()

HEADER = "bytes"
_RANGE = re.compile(rb"([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")
_SHA256 = re.compile(rb"[0-9a-f]{64}")


class Chunk(NamedTuple):
    """A part of a document: its bytes from `start` up to `end` of `size`, and the offset of its record."""

    start: int
    end: int
    size: int
    offset: int


def header(start: int, end: int, size: int) -> tuple[str, bytes]:
    """What a chunk's record says of it, as HTTP's Content-Range has it: the last byte is named too."""
    return HEADER, b"%d-%d/%d" % (start, end - 1, size)


class Places:
    """Follows the topic, which has one partition. Threads may share it.

    Of chunks that lie there twice the first counts.
    """

    def __init__(self, log: Log, topic: str) -> None:
        self._follower = Follower(log, [TopicPartition(topic, 0)])
        self._reading = Lock()
        self._chunks: dict[str, dict[int, Chunk]] = defaultdict(dict)

    def of(self, sha256: str) -> Mapping[int, Chunk]:
        """A document's chunks by their starts, as the topic has them by now. Raises `LogUnavailable`."""
        with self._reading:
            for record in self._follower.news():
                self._take(record)
            return dict(self._chunks.get(sha256, {}))

    def close(self) -> None:
        """Let go of the log."""
        self._follower.close()

    def _take(self, record: Record) -> None:
        said = _RANGE.fullmatch(dict(record.headers).get(HEADER) or b"")
        if said is None or not _SHA256.fullmatch(record.key or b""):
            logger.error("a chunk of a document cannot be read", offset=record.offset)
            return
        start, last, size = map(int, said.groups())
        assert record.key is not None
        self._chunks[record.key.decode()].setdefault(start, Chunk(start, last + 1, size, record.offset))
