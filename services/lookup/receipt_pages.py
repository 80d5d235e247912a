"""A receipt that is too long to be had at once, in pages or sent bit by bit: each a part of one receipt, and whole when
all are there. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from shared.credit.receipt import Receipt
from shared.web.encoding import to_json
from shared.web.problems import INVALID, Fault, Kind, ProblemError

RECEIPT_CHANGED = Kind("receipt-changed", 409, "The receipt is another by now")

LARGE = 200
"""Items from which on a receipt is sent bit by bit, and kept for whoever asks for its next page."""
_AT_ONCE = 100
"""Items."""


class Page(NamedTuple):
    """The receipt with the items of a page alone, and where the next one begins, None where this is the last."""

    document: dict[str, Any]
    behind: str | None


def page(receipt: Receipt, limit: int, cursor: str | None) -> Page:
    """The items behind a place, so many at most; all else, the SHA-256 too, is that of the whole receipt.

    A place is one of a certain receipt: pages of two would not fit together. Raises `ProblemError`.
    """
    first = _first(receipt, cursor) if cursor is not None else 0
    items = receipt["items"]
    behind = first + limit
    document = {**receipt, "items": items[first:behind], "first_item": first, "all_items": len(items)}
    return Page(document, f"{receipt['sha256']} {behind}" if behind < len(items) else None)


def is_large(receipt: Receipt) -> bool:
    """Whether it is better not written as one piece."""
    return len(receipt["items"]) >= LARGE


def streamed(receipt: Receipt) -> Iterator[bytes]:
    """The JSON of a receipt, some items at a time: byte by byte what it is in one piece."""
    items, before = receipt["items"], b"{"
    for name, value in receipt.items():
        if name != "items":
            yield before + to_json({name: value})[1:-1]
        else:
            yield before + b'"items":['
            for first in range(0, len(items), _AT_ONCE):
                yield b"," * (first > 0) + to_json(items[first : first + _AT_ONCE])[1:-1]
            yield b"]"
        before = b","
    yield b"}"


def _first(receipt: Receipt, cursor: str) -> int:
    sha256, _, number = cursor.partition(" ")
    if not (number.isascii() and number.isdigit()):
        fault = Fault("/query/cursor", "must be `next` of the page before, as it was given")
        raise ProblemError(INVALID, "The query names no place.", errors=[fault])
    if sha256 != receipt["sha256"]:
        detail = "Something was decided, corrected or ended since the first page: begin again without a cursor."
        raise ProblemError(RECEIPT_CHANGED, detail)
    return int(number)
