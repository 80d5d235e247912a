"""One process at a time, by an advisory lock on a file; the system lets go of it when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.embedded.errors import EnginesError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file's lock, waiting for it as long as it takes."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Claim:
    """A folder taken for this process alone, until `release` or its death."""

    def __init__(self, folder: Path) -> None:
        """Raises `EnginesError` where another process has it."""
        path = folder / "claim.lock"
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = os.read(self._file, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            raise EnginesError(
                f"{folder} is in use by process {owner}: stop it, or set CHENGXIN_HOME to another folder."
            ) from None
        os.ftruncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        os.close(self._file)
