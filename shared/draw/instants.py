"""Instants of RFC 3339, compared exactly, to the last digit that stands there."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from shared.credit.facts import FactError, order_of, parse_instant

Instant = tuple[datetime, str]
"""Sorts as time does."""

_OFFSET = re.compile("Z$|:[0-5][0-9]$")
"""An hour's minutes (time-numoffset): `fromisoformat` takes 99 of them."""


def instant(text: Any) -> Instant:
    """The instant that a text names. Raises `ValueError` where it is none with an offset."""
    try:
        parse_instant(text)
    except FactError as error:
        raise ValueError(str(error)) from None
    if not _OFFSET.search(text):
        raise ValueError(f"{text!r} has an offset of more than 59 minutes beside its hours")
    return order_of(text)
