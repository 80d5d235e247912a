"""The lock of published versions: a text file with the SHA-256 of each, as `sha256sum` writes it and checks it.

A published version never changes (SCORING.md section 2); whoever edits one instead of adding one is told here, before
anything is published or shipped.
"""

from __future__ import annotations

import re
from pathlib import Path

from shared.credit.rulebook import Rulebook
from shared.rulebooks.faults import Fault, RulebookFileError

LOCK = "published.lock"
"""The lock of a folder of rulebooks."""

Locked = dict[tuple[str, int], str]
"""SHA-256 by (id, version)."""

_LINE = re.compile(r"([0-9a-f]{64})  (\S+)-v([1-9][0-9]{0,6})\.yaml")


def load(path: Path) -> Locked:
    """The lock from its file. Raises `RulebookFileError` with every fault, and `OSError`."""
    locked: Locked = {}
    faults = []
    for number, line in enumerate(path.read_bytes().decode(errors="replace").splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            faults.append(Fault(str(path), number, "must be a SHA-256, two spaces and <id>-v<version>.yaml"))
        elif locked.setdefault((match[2], int(match[3])), match[1]) != match[1]:
            faults.append(Fault(str(path), number, f"{match[2]}-v{match[3]}.yaml stands twice"))
    if faults:
        raise RulebookFileError(faults)
    return locked


def objection(book: Rulebook, locked: Locked) -> str | None:
    """Why these bytes cannot be this version; None where they are the published ones, or it is not published."""
    published = locked.get((book.id, book.version), book.sha256)
    if published == book.sha256:
        return None
    return f"published: add a version ({book.id} v{book.version} has the SHA-256 {published}, this file {book.sha256})"
