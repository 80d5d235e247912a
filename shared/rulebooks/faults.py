"""What is wrong with a file, and where, as editors and compilers write it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from shared.credit.rulebook import RulebookError


class Fault(NamedTuple):
    """A sentence about a line of a file; line 0 speaks of the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class RulebookFileError(RulebookError):
    """Files that are no rulebooks, or contradict each other: every fault with file and line."""

    def __init__(self, located: Iterable[Fault]) -> None:
        self.located = sorted(located)
        super().__init__([((fault.file, fault.line), fault.message) for fault in self.located])

    def __str__(self) -> str:
        return "\n".join(map(str, self.located))
