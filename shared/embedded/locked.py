"""One process at a time, by an advisory lock on a file; the system lets go of it when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from shared.embedded.errors import EnginesError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file's lock, waiting for it as long as it takes."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Claim:
    """A folder taken for this process alone, until `release` or its death. Processes that it forks do not hold it."""

    _held: ClassVar[set[Path]] = set()

    def __init__(self, folder: Path) -> None:
        """Raises `EnginesError` where it is taken."""
        self._folder = folder.resolve()
        if self._folder in self._held:
            raise EnginesError(f"{folder} is in use by this process already.")
        self._file = os.open(folder / "claim.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = os.read(self._file, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            raise EnginesError(
                f"{folder} is in use by process {owner}: stop it, or set CHENGXIN_HOME to another folder."
            ) from None
        self._held.add(self._folder)
        os.ftruncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Let go of the folder."""
        os.close(self._file)
        self._held.discard(self._folder)
