"""Parameters of addresses: numbers; days and instants, in their one form everywhere (`shared/events/texts.py`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError, fields

from shared.events import texts as wire

_DIGITS = 10


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


class Judged(fields.Boolean):
    """`validate=true`: judge what is sent, and write nothing."""

    def __init__(self, what: str) -> None:
        told = {"description": what}
        says: dict[str, Any] = {"invalid": "must be true or false"}
        super().__init__(
            data_key="validate",
            truthy={"true"},
            falsy={"false"},
            load_default=False,
            metadata=told,
            error_messages=says,
        )


class Whole(fields.Integer):
    """A whole number between bounds, in digits alone."""

    def __init__(self, least: int, most: int, *, default: int, what: str) -> None:
        self.least, self.most = least, most
        bounds = {"minimum": least, "maximum": most, "description": what}
        super().__init__(load_default=default, metadata=bounds)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int:  # noqa: ARG002
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) < _DIGITS and self.least <= int(text) <= self.most):
            raise ValidationError(f"must be a whole number from {self.least} to {self.most}")
        return int(text)
