"""Reads members of a JSON object strictly, and says of each fault where it stands. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

_POINTS = re.compile(r"(0|[1-9][0-9]*)[.]([0-9]{2})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LAST_YEAR = 9000


class StatedError(ValueError):
    """A document that is no receipt: where, and what would be right there."""


class Reader:
    """An object of the document, and where it stands (JSON Pointer)."""

    def __init__(self, value: Any, at: str) -> None:
        if not isinstance(value, dict):
            raise StatedError(f"{at} must be an object")
        self.value, self.at = value, at

    def _get(self, name: str) -> Any:
        if name not in self.value:
            raise StatedError(f"{self.at}/{name} is missing")
        return self.value[name]

    def text(self, name: str) -> str:
        value = self._get(name)
        if not isinstance(value, str):
            raise StatedError(f"{self.at}/{name} must be a text")
        return value

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        value = self.text(name)
        if not pattern.fullmatch(value):
            raise StatedError(f"{self.at}/{name} must have the form {pattern.pattern}")
        return value

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.text(name)
        if value not in choices:
            raise StatedError(f"{self.at}/{name} must be one of {', '.join(choices)}")
        return value

    def count(self, name: str) -> int:
        value = self._get(name)
        if type(value) is not int or value < 0:
            raise StatedError(f"{self.at}/{name} must be a whole number, 0 or more")
        return value

    def points(self, name: str) -> int:
        match = _POINTS.fullmatch(self.text(name))
        if not match:
            raise StatedError(f'{self.at}/{name} must be a decimal text with two places such as "95.00"')
        return int(match[1] + match[2])

    def day(self, name: str) -> date:
        text = self.matching(name, _DAY)
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise StatedError(f"{self.at}/{name}: {error}") from None
        if day.year > _LAST_YEAR:
            raise StatedError(f"{self.at}/{name} lies too far ahead to add months to it")
        return day

    def optional_text(self, name: str) -> str | None:
        return None if self._get(name) is None else self.text(name)

    def optional_count(self, name: str) -> int | None:
        return None if self._get(name) is None else self.count(name)

    def optional_day(self, name: str) -> date | None:
        return None if self._get(name) is None else self.day(name)

    def optional_texts(self, name: str) -> tuple[str, ...] | None:
        value = self._get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise StatedError(f"{self.at}/{name} must be null or a list of texts")
        return tuple(value)

    def each(self, name: str) -> list[Reader]:
        value = self._get(name)
        if not isinstance(value, list):
            raise StatedError(f"{self.at}/{name} must be a list")
        return [Reader(item, f"{self.at}/{name}/{index}") for index, item in enumerate(value)]
