"""Instants of RFC 3339, compared exactly, to the last digit that stands there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shared.credit.facts import FactError, order_of, parse_instant

Instant = tuple[datetime, str]
"""Sorts as time does."""


def instant(text: Any) -> Instant:
    """The instant that a text names. Raises `ValueError` where it is none with an offset."""
    try:
        parse_instant(text)
        return order_of(text)
    except FactError as error:
        raise ValueError(str(error)) from None
