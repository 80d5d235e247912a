"""Parameters of our own: days and instants, in the one form that the interface has (DESIGN.md section 5)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError, fields

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")


class Day(fields.Date):
    """A civil date in Shanghai, `YYYY-MM-DD` and no other form of ISO 8601."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise ValidationError("must be a date such as 2026-03-01")


class Instant(fields.AwareDateTime):
    """An RFC 3339 instant with an offset."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                pass
        raise ValidationError("must be an instant such as 2026-03-01T08:00:00Z (in an address `+` is written %2B)")
