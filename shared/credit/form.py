"""Reads a document of mappings and lists, and collects every fault with its place. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from shared.credit.points import Factor, parse_factor, parse_points
from shared.credit.rulebook import Place

_MOST = 1_000_000
_MOST_MONTHS = 1_200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORD = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]{1,20}")
_T = TypeVar("_T")


class Form:
    """What is faulty gets a stand-in so that reading goes on; `faults` has places and sentences."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.faults: list[tuple[Place, str]] = []

    def fault(self, at: Place, message: str) -> None:
        self.faults.append((at, message))

    def mapping(
        self, value: Any, at: Place, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            self.fault(at, "must be a mapping")
            return {}
        for name in required:
            if name not in value:
                self.fault((*at, name), "is missing")
        for name in value:
            if name not in required and name not in optional:
                known = ", ".join((*required, *optional))
                self.fault((*at, str(name)), f"is unknown here; known are {known}")
        return {name: item for name, item in value.items() if name in required or name in optional}

    def items(self, value: Any, at: Place) -> list[Any]:
        if isinstance(value, list):
            return value
        if value is not None:
            self.fault(at, "must be a list")
        return []

    def unique(self, names: list[str], at: Place, what: str) -> None:
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.fault(at, f"{what} {name} stands twice")

    def read(self, parser: Callable[[Any], _T], value: Any, at: Place, *, default: _T) -> _T:
        try:
            return parser(value)
        except ValueError as error:
            self.fault(at, str(error))
            return default

    def points(self, top: Mapping[str, Any], name: str, at: Place) -> int:
        return self.read(parse_points, top[name], (*at, name), default=0) if name in top else 0

    def factor(self, top: Mapping[str, Any], name: str, at: Place) -> Factor:
        factor = (
            self.read(parse_factor, top[name], (*at, name), default=parse_factor("1"))
            if name in top
            else parse_factor("1")
        )
        if factor.value > 1:
            self.fault((*at, name), "must be 0 to 1")
        return factor

    def count(self, top: Mapping[str, Any], name: str, at: Place, *, least: int = 0, most: int = _MOST) -> int:
        value = top.get(name, least)
        if type(value) is not int or not least <= value <= most:
            self.fault((*at, name), f"must be a whole number from {least} to {most}")
            return least
        return value

    def months(self, top: Mapping[str, Any], name: str, at: Place, *, least: int = 0) -> int:
        """A number of months: a century at most, so that adding it to a date cannot leave the calendar."""
        return self.count(top, name, at, least=least, most=_MOST_MONTHS)

    def flag(self, top: Mapping[str, Any], name: str, at: Place) -> bool:
        value = top.get(name, False)
        if not isinstance(value, bool):
            self.fault((*at, name), "must be true or false")
        return value is True

    def text(self, top: Mapping[str, Any], name: str, at: Place) -> str:
        value = top.get(name, "-")
        if not isinstance(value, str) or not value.strip():
            self.fault((*at, name), "must be a text that is not empty")
        return str(value)

    def word(self, top: Mapping[str, Any], name: str, at: Place) -> str:
        """A text that others ask for and file by: short, and nothing in it that cannot be seen."""
        value = top.get(name, "-")
        if not isinstance(value, str) or not _WORD.fullmatch(value):
            self.fault((*at, name), "must be a text of 1 to 20 characters without spaces and control characters")
        return str(value)

    def choice(self, top: Mapping[str, Any], name: str, at: Place, choices: tuple[str, ...]) -> str:
        value = top.get(name, choices[0])
        if value not in choices:
            self.fault((*at, name), f"must be one of {', '.join(choices)}")
        return str(value)

    def day(self, top: Mapping[str, Any], name: str) -> date:
        value = top.get(name, "1990-01-01")
        return self.read(_day, value, (name,), default=date(1990, 1, 1))


def _day(value: Any) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a quoted date such as '2026-01-01'")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is no date such as '2026-01-01'") from None
