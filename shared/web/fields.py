"""Parameters of addresses: days and instants, in the one form that they have everywhere (`shared/events/texts.py`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError

from shared.events import texts as wire


class Day(wire.Day):
    """A civil date in Shanghai; gives a `date`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        return date.fromisoformat(super()._deserialize(value, attr, data))


class Instant(wire.Instant):
    """An RFC 3339 instant with its offset; gives a `datetime`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        if isinstance(value, str) and " " in value:
            raise ValidationError(f"must be {self.says}; in an address `+` is written `%2B`")
        return datetime.fromisoformat(super()._deserialize(value, attr, data))
