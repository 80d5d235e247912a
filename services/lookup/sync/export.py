"""All subjects written to a file, a row each: as NDJSON, or as CSV for spreadsheets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any

from shared.spreadsheets import MARK, harmless, line
from shared.web.encoding import to_json

Row = Mapping[str, Any]
Writer = Callable[[Iterable[Row]], Iterator[bytes]]

COLUMNS = (
    "subject_id",
    "kind",
    "name",
    "region",
    "status",
    "ledger",
    "score",
    "grade",
    "basis",
    "as_of",
    "next_change_on",
    "disputed",
    "applied_until",
)
"""What a row of CSV has of a subject's answer; empty where that is not shown or not known."""

_TEXTS = frozenset({"name", "subject_id"})
"""What others have written."""


def ndjson(rows: Iterable[Row]) -> Iterator[bytes]:
    """A JSON object a line."""
    for row in rows:
        yield to_json(row) + b"\n"


def in_csv(rows: Iterable[Row]) -> Iterator[bytes]:
    """CSV (RFC 4180) in UTF-8 with a byte order mark, by which spreadsheets know it."""
    yield MARK + line(COLUMNS)
    for row in rows:
        yield line([_cell(name, row.get(name)) for name in COLUMNS])


def write(file: IO[bytes], parts: Iterable[bytes]) -> str:
    """Write a file; its SHA-256."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
        file.write(part)
    return digest.hexdigest()


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = value if isinstance(value, str) else value.isoformat()
    return harmless(text) if name in _TEXTS else text
