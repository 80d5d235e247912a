"""The first admin key, in the home: a log that does not know the key lying there gets one of its own."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from services.cli.installation import say
from services.sample import marker
from shared.clock import now
from shared.eventlog.port import Log
from shared.web.access import AccessKeys
from shared.web.bounds import SUBJECT_SCOPES
from shared.web.key_making import NewKey, create_key
from shared.web.keys import SCOPES, id_of, verify

KEY = "admin.key"
"""Its file below the home: the key alone, on one line."""


def put_foreign_aside(home: Path, keys: AccessKeys) -> None:
    """Give a key that is none of these another name: the home was used with another log, and it opens nothing here.

    Where the log has no key at all it is new, so the sample city that was begun in this home is not on it either.
    """
    path = home / KEY
    if not path.exists() or _knows(keys, path.read_text().strip()):
        return
    aside = next(other for number in range(1, 10_000) if not (other := home / f"{KEY}.{number}").exists())
    path.rename(aside)
    say(f"The key in {path} is that of another log: it lies in {aside} now, and a new one is made")
    if not keys.all():
        marker.remove(home)


def make_missing(home: Path, log: Log, topic: str) -> None:
    """Make the key where none lies there, readable by its owner alone. Raises `LogUnavailable`."""
    path = home / KEY
    if path.exists():
        return
    with closing(log.appender()) as appender:
        everything = frozenset(SCOPES) - SUBJECT_SCOPES  # these are bound to a subject
        minted = create_key(appender, topic, NewKey(everything, "first admin key"), now())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{minted.key}\n")


def _knows(keys: AccessKeys, key: str) -> bool:
    """Whether it was made on this log. One that was revoked stays where it is: nobody asked for another."""
    known = keys.find(id_of(key) or "")
    return known is not None and (known.revoked is not None or verify(key, known.key_hash))
