"""What whoever freezes does to lists before they are frozen (DRAW.md section 1); whoever draws or verifies refuses."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_BYTE_ORDER_MARK = "\ufeff"


def normalised(text: str) -> str:
    """A field or a line as a document may hold it: in NFC, without a byte order mark and without a CR at its end."""
    return unicodedata.normalize("NFC", text.replace(_BYTE_ORDER_MARK, "").rstrip("\r"))


def document(lines: Iterable[str]) -> bytes:
    """The document of lines that come without their ends, in any order; the same line again stands once.

    What ends an id, a tab or nothing, sorts before all that an id may hold: so lines sort as their ids do.
    """
    return b"".join(sorted({f"{normalised(line)}\n".encode() for line in lines}))
