"""Subjects that the worker holds in memory, so that a busy one is not read from the store for every batch."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from services.scoring.folding import Folder, content_id
from shared.store.ledgers import Ledgers

_MOST = 400_000
"""Facts held at most; 2 to 4 KB each, with what is made of them while a subject is scored."""


class Cache:
    """The least recently used go first. Whatever it holds may be stale: the store's script finds that out."""

    def __init__(self, ledgers: Ledgers, most: int = _MOST) -> None:
        self._ledgers = ledgers
        self._most = most
        self._held: OrderedDict[str, Folder] = OrderedDict()
        self._facts = 0

    def get(self, subjects: Iterable[str]) -> dict[str, Folder]:
        """Subjects as held, read from the store where they are not."""
        names = list(subjects)
        missing = [subject for subject in names if subject not in self._held]
        for subject, stored in self._ledgers.load(missing).items() if missing else ():
            told = content_id(stored.summary) if stored.summary else ""
            self.put(subject, Folder(stored.version, stored.entries, told))
        found = {}
        for subject in names:
            self._held.move_to_end(subject)
            found[subject] = self._held[subject]
        self._shrink()
        return found

    def put(self, subject: str, folder: Folder) -> None:
        self.drop([subject])
        self._held[subject] = folder
        self._facts += len(folder.entries)

    def drop(self, subjects: Iterable[str]) -> None:
        for subject in subjects:
            if folder := self._held.pop(subject, None):
                self._facts -= len(folder.entries)

    def clear(self) -> None:
        self._held.clear()
        self._facts = 0

    def _shrink(self) -> None:
        while self._facts > self._most and len(self._held) > 1:
            _, folder = self._held.popitem(last=False)
            self._facts -= len(folder.entries)
