"""Pages of a receipt that is too long to be had at once: each a part of one receipt, whole when all are there. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

from shared.credit.receipt import Receipt
from shared.web.problems import INVALID, Fault, Kind, ProblemError

RECEIPT_CHANGED = Kind("receipt-changed", 409, "The receipt is another by now")


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


def _first(receipt: Receipt, cursor: str) -> int:
    sha256, _, number = cursor.partition(" ")
    if not (number.isascii() and number.isdigit()):
        fault = Fault("/query/cursor", "must be `next` of the page before, as it was given")
        raise ProblemError(INVALID, "The query names no place.", errors=[fault])
    if sha256 != receipt["sha256"]:
        detail = "Something was decided, corrected or ended since the first page: begin again without a cursor."
        raise ProblemError(RECEIPT_CHANGED, detail)
    return int(number)
