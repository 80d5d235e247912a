"""A writer's hold on parts of the store, above all buckets: a fencing token that every write of its moves on.

What breaks without it? A store that was killed may come back without the last writes it had acknowledged (its file is
on the disk within a second, a replica is behind its master), and the client reconnects in silence. The writer would
apply the next facts to ledgers that lack the last ones, and then write a position that covers what is lost. And a
writer that was paused for so long that its partitions went to another would still write after that one had begun.

So each bucket keeps the stamp of its last write. A write names the stamp that it expects and the one that it leaves; a
bucket with any other stamp has lost something or has another writer, and nothing is written: the writer drops what it
holds, claims its buckets again, and reads the log from the positions it finds.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime

from shared.clock import now
from shared.store.entries import milliseconds


class Displaced(Exception):
    """A bucket does not hold what this writer wrote last: the store was set back, or another writer has claimed it."""


class Tenure:
    """The stamps that one writer left last. A stamp is never used for two different writes."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self._clock = clock
        self._name = secrets.token_hex(8)
        self._count = 0
        self._left: dict[Hashable, str] = {}

    def next(self) -> str:
        """A new stamp. It ends with its time in milliseconds: by that an outbox tells since when something waits."""
        self._count += 1
        return f"{self._name}-{self._count}-{milliseconds(self._clock())}"

    def left(self, part: Hashable) -> str:
        """The stamp of the last write in a part; empty where nothing was claimed, which no part's stamp is."""
        return self._left.get(part, "")

    def leave(self, stamps: Iterable[tuple[Hashable, str]]) -> None:
        """These were written."""
        self._left.update(stamps)
