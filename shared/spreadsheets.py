"""What spreadsheets make of CSV: they know UTF-8 by its mark alone, and compute a cell that begins like a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

MARK = b"\xef\xbb\xbf"
"""Begins a file in UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """What others have written, marked as text where it would be computed; for amounts it is not: -5.00 is a number."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_written(text: str) -> str:
    """What `harmless` was given: a table that goes out to be corrected comes back with the marks in it."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


def line(cells: Iterable[str]) -> bytes:
    """A row (RFC 4180)."""
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()
