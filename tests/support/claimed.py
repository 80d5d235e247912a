"""Claims in the memory of one process."""

from __future__ import annotations

from threading import Lock


class Claimed:
    def __init__(self):
        self._held, self._lock = {}, Lock()

    def take(self, what, by):
        with self._lock:
            return self._held.setdefault(what, by) == by

    def leave(self, what):
        with self._lock:
            self._held.pop(what, None)
