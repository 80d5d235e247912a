"""Where the chunks of documents lie on `documents.v1`: what their headers say, and nothing of their content.

The store keeps it. Whoever asks reads the topic on from where the store has come to, and files that first; so a store
that was lost is filled by the next who asks.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from threading import Lock
from typing import Protocol

import structlog

from shared.eventlog.port import BeyondEnd, Log, Record, Subscription, TopicPartition
from shared.store.client import StoreUnavailable
from shared.store.documents import Chunk, Found

logger = structlog.get_logger()

HEADER = "bytes"
_RANGE = re.compile(rb"([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")
_SHA256 = re.compile(rb"[0-9a-f]{64}")
_AT_ONCE = 64
"""Records that are in memory at once, of half a megabyte each."""
_TIMEOUT = 1.0
_PATIENCE = 10.0
"""Seconds of reading for one question; only a store that was lost has so much to catch up with."""


class Index(Protocol):
    """Keeps where chunks lie: `shared.store.documents.DocumentIndex`."""

    def find(self, sha256: str) -> Found: ...

    def file(self, start: int, end: int, chunks: Iterable[tuple[str, Chunk]]) -> bool: ...


def header(start: int, end: int, size: int) -> tuple[str, bytes]:
    """What a chunk's record says of it, as HTTP's Content-Range has it: the last byte is named too."""
    return HEADER, b"%d-%d/%d" % (start, end - 1, size)


class Places:
    """Reads the topic, which has one partition. Threads may share it.

    Of chunks that lie there twice the first counts.
    """

    def __init__(self, log: Log, topic: str, index: Index) -> None:
        self._log, self._at, self._index = log, TopicPartition(topic, 0), index
        self._reader: Subscription | None = None
        self._reading = Lock()

    def of(self, sha256: str) -> Mapping[int, Chunk]:
        """A document's chunks by their starts, as the topic has them by now.

        Raises `LogUnavailable`; `StoreUnavailable`, also while a store that was lost is being filled; and `BeyondEnd`
        where the store has read more than the log has.
        """
        until = time.monotonic() + _PATIENCE
        end = self._end()
        while (found := self._index.find(sha256)).position < end:
            if time.monotonic() > until:
                raise StoreUnavailable(f"of {end} records with documents it has read {found.position}")
            self._read_on(sha256, end)
        if found.position > end and found.position > (now := self._end()):
            logger.error("the log has lost documents", position=found.position, end=now)
            raise BeyondEnd(self._at, found.position, now)
        return found.chunks

    def close(self) -> None:
        """Let go of the log."""
        with self._reading:
            self._let_go()

    def _end(self) -> int:
        with self._reading:
            try:
                return self._opened().end_offsets([self._at])[self._at]
            except BaseException:
                self._let_go()
                raise

    def _read_on(self, sha256: str, end: int) -> None:
        """File some records more, unless another thread or process has come to the end meanwhile."""
        with self._reading:
            start = self._index.find(sha256).position
            if start >= end:
                return
            try:
                reader = self._opened()
                if reader.position(self._at) != start:
                    reader.seek(self._at, start)
                records = reader.poll(timeout=_TIMEOUT, most=_AT_ONCE)
                self._index.file(start, reader.position(self._at), _chunks(records))
            except BaseException:
                self._let_go()
                raise

    def _opened(self) -> Subscription:
        if self._reader is None:
            self._reader = self._log.assign([self._at])
        return self._reader

    def _let_go(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()


def _chunks(records: Iterable[Record]) -> Iterator[tuple[str, Chunk]]:
    """What records say that lies in them, by document."""
    for record in records:
        key = record.key or b""
        said = _RANGE.fullmatch(dict(record.headers).get(HEADER) or b"")
        if said is None or not _SHA256.fullmatch(key):
            logger.error("a chunk of a document cannot be read", offset=record.offset)
            continue
        start, last, size = map(int, said.groups())
        yield key.decode(), Chunk(start, last + 1, size, record.offset)
