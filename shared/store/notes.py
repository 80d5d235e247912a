"""What each worker had to wait for last, so that whoever looks at a standstill need not look for the right log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

import orjson

from shared.store.client import Store, StoreUnavailable
from shared.store.keys import Keys


class Note(NamedTuple):
    """A reason to wait; `until` is None while the worker still waits."""

    reason: str
    since: str
    until: str | None


def noter(
    store: Store, keys: Keys, group: str, member: str, now: Callable[[], datetime]
) -> Callable[[str, bool], None]:
    """Writes a worker's notes: `(reason, over)`. While the store itself is what is waited for, none can be written."""
    since: dict[str, str] = {}

    def note(reason: str, over: bool) -> None:
        at = now().isoformat(timespec="seconds")
        began = since.pop("at", at) if over else since.setdefault("at", at)
        with suppress(StoreUnavailable):
            content = orjson.dumps(Note(reason, began, at if over else None)._asdict())
            store.pipelined(lambda pipe, key: pipe.set(key, content), [keys.worker(group, member)])

    return note


def notes(store: Store, keys: Keys, group: str, members: Sequence[str]) -> dict[str, Note]:
    """The last note of each member that left one. Raises `StoreUnavailable`."""
    answers = store.pipelined(lambda pipe, member: pipe.get(keys.worker(group, member)), members)
    return {member: Note(**orjson.loads(answer)) for member, answer in zip(members, answers, strict=True) if answer}
