"""Where the chunks of documents lie on the log, so that no process has to read all documents to find one.

What is filed only grows, and follows from the log: whoever asks reads on from the position that is filed, and files
what he finds. Filing it again changes nothing. A store that was lost or set back is filled in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shared.store.client import Call, Store, Value
from shared.store.keys import Keys

_POSITION = "position"


class Chunk(NamedTuple):
    """A part of a document: its bytes from `start` up to `end` of `size`, and the offset of its record."""

    start: int
    end: int
    size: int
    offset: int


class Found(NamedTuple):
    """A document's chunks by their starts, as far as the log is read: up to `position`."""

    position: int
    chunks: Mapping[int, Chunk]


class DocumentIndex:
    """Files and finds chunks. Every method raises `StoreUnavailable` where the store cannot answer."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store, self._key = store, keys.documents()

    def find(self, sha256: str) -> Found:
        """The chunks of a document; position and chunks are of one moment."""
        [(position, lines)] = self._store.pipelined(lambda pipe, each: pipe.hmget(self._key, _POSITION, each), [sha256])
        chunks = (Chunk(*map(int, line.split())) for line in (lines or b"").splitlines())
        return Found(int(position or 0), {chunk.start: chunk for chunk in chunks})

    def file(self, start: int, end: int, chunks: Iterable[tuple[str, Chunk]]) -> bool:
        """File the chunks, by document, that lie between two positions of the log; of those with one start the first
        counts.

        False where the store holds less than was filed before `start`: read from what it holds again.
        """
        arguments: list[Value] = [start, end]
        for sha256, chunk in chunks:
            arguments += (sha256, *chunk)
        [done] = self._store.run("documents_file", [Call([self._key], arguments)])
        return bool(done)
