"""What each worker last said of itself, so that whoever looks at a standstill need not look for the right log.

A note must never hold up the work that it tells of: one that cannot be written is left for later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import orjson

from shared.store.client import Store, StoreUnavailable
from shared.store.keys import Keys
from shared.version import CODE

_EVERY_SECONDS, _AGAIN_SECONDS = 5.0, 10.0
"""Between two notes of the same, and after one that could not be written."""


class Note(NamedTuple):
    """`since` when a worker waits, or works; `error` is what it waits for, or waited for last, empty if for nothing.

    Times are RFC 3339; `noted` is that of the note itself, which a worker that is alive repeats.
    """

    noted: str
    since: str
    waits: bool
    error: str
    code: str


class Notes:
    """Writes the notes of one worker. While the store itself is what is waited for, none is written."""

    def __init__(
        self,
        store: Store,
        keys: Keys,
        group: str,
        member: str,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._key = keys.workers(group)
        self._member = member
        self._now = now
        self._clock = clock
        self._note: Note | None = None
        self._missed = False
        self._next = clock()

    def __call__(self, reason: str) -> None:
        """Tell what is waited for, empty while the work goes on. A change is told at once, the same now and then.

        After a failure nothing is told for a while, so that a store which does not answer costs little.
        """
        at, waits, last = self._now().isoformat(timespec="seconds"), bool(reason), self._note
        if last is None or last.waits != waits:
            self._note = Note(at, at, waits, reason or (last.error if last else ""), CODE)
            told = not self._missed
        else:
            self._note = last._replace(noted=at, error=reason or last.error)
            told = False
        if told or self._clock() >= self._next:
            self._write(self._note)

    def _write(self, note: Note) -> None:
        content = orjson.dumps(note._asdict())
        try:
            self._store.pipelined(lambda pipe, key: pipe.hset(key, self._member, content), [self._key])
        except StoreUnavailable:
            self._missed, self._next = True, self._clock() + _AGAIN_SECONDS
        else:
            self._missed, self._next = False, self._clock() + _EVERY_SECONDS


def notes(store: Store, keys: Keys, group: str) -> dict[str, Note]:
    """The last note of every member that ever left one. Raises `StoreUnavailable`."""
    [answer] = store.pipelined(lambda pipe, key: pipe.hgetall(key), [keys.workers(group)])
    return {member.decode(): Note(**orjson.loads(note)) for member, note in answer.items()}
