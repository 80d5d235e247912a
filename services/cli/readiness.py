"""When an installation is ready: it answers, and its workers have come to every partition."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from threading import Event

from services.cli.installation import store_of
from shared.settings import Settings
from shared.store.directory_reader import DirectoryReader
from shared.store.keys import Keys
from shared.store.progress import Bookkeeping

READY_SECONDS = 120.0
_OK = 200


def scored(found: Settings, stop: Event) -> bool:
    """Wait until the workers have come to every partition: before, each look-up would answer `rebuilding`."""
    store, keys, numbers = store_of(found), Keys(found.key_prefix), range(found.subject_partitions)
    books, directory = Bookkeeping(store, keys), DirectoryReader(store, keys)

    def come() -> bool:
        filed = not found.lookup_workers or all(level.until for level in directory.levels(numbers))
        return filed and all(books.applied(number) for number in numbers)

    deadline = time.monotonic() + READY_SECONDS
    try:
        while not stop.is_set() and time.monotonic() < deadline:
            if come():
                return True
            stop.wait(0.2)
        return False
    finally:
        store.close()


def answers(address: str, stop: Event) -> bool:
    """Wait until an address answers 200."""
    deadline = time.monotonic() + READY_SECONDS
    while not stop.is_set() and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2.0) as answer:  # noqa: S310
                if answer.status == _OK:
                    return True
        except (urllib.error.URLError, OSError):
            pass
        stop.wait(0.2)
    return False
