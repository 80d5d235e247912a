"""Kinds of settings: how one is read, checked, and what a wrong value is told.

Each function makes a dataclass field; its metadata carry `what` (meaning, for the table of settings), `read` and
`secret` (whether it may be shown).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from typing import Any

from marshmallow import ValidationError
from marshmallow.validate import OneOf, Range, Regexp

from shared.calendars import CalendarsError, calendars_with

Read = Callable[[Any, str, Any], Any]
"""Reads one variable through environs: (reader, name without prefix, value where it is not set)."""


def setting(default: Any, what: str, read: Read, *, secret: bool = False) -> Any:
    """Any kind: `read` makes the value, or leaves a fault with the reader."""
    return field(default=default, metadata={"what": what, "read": read, "secret": secret})


def whole(default: int, low: int, high: int, what: str) -> Any:
    """A whole number within bounds."""
    right = f"must be a whole number from {low} to {high}, not {{input}}"

    def read(env: Any, name: str, unset: int) -> Any:
        check = Range(low, high, error=right)
        return env.int(name, unset, validate=check, error_messages={"invalid": right})

    return setting(default, what, read)


def text(default: str, what: str, pattern: str, right: str, *, secret: bool = False) -> Any:
    """Text that matches a pattern whole; `right` says what would."""

    def read(env: Any, name: str, unset: str) -> Any:
        return env.str(name, unset, validate=Regexp(rf"(?:{pattern})\Z", error=right))

    return setting(default, what, read, secret=secret)


def choice(default: str, choices: tuple[str, ...], what: str) -> Any:
    """One of a few words."""

    def read(env: Any, name: str, unset: str) -> Any:
        return env.str(name, unset, validate=OneOf(choices, error="must be one of {choices}, not {input}"))

    return setting(default, f"{what}: {', '.join(choices)}", read)


def switch(*, default: bool, what: str) -> Any:
    """True or false."""

    def read(env: Any, name: str, unset: bool) -> Any:
        return env.bool(name, unset, error_messages={"invalid": "must be true or false, not {input}"})

    return setting(default, what, read)


def words(default: tuple[str, ...], what: str, pattern: str, right: str) -> Any:
    """Words with commas between; each matches the pattern whole."""

    def read(env: Any, name: str, unset: tuple[str, ...]) -> Any:
        check = Regexp(rf"(?:{pattern})\Z", error=right)
        read = env.list(name, list(unset), subcast=str.strip, validate=lambda items: [check(i) for i in items])
        return None if read is None else tuple(read)

    return setting(default, what, read)


def _readable_file(path: str) -> None:
    if not Path(path).is_file():
        raise ValidationError("must be the path of a file that can be read")


def file(what: str) -> Any:
    """Path of a file that is there."""
    return setting("", what, lambda env, name, unset: env.str(name, unset, validate=_readable_file))


def _folder_there(path: str) -> None:
    if not Path(path).is_dir():
        raise ValidationError("must be the path of a folder that is there")


def folder(what: str) -> Any:
    """Path of a folder that is there; empty is none."""
    return setting("", what, lambda env, name, unset: env.str(name, unset, validate=_folder_there))


def _folder_of_calendars(path: str) -> None:
    try:
        calendars_with(path)
    except CalendarsError as error:
        raise ValidationError(error.faults) from None


def calendars_folder(what: str) -> Any:
    """Path of a folder of calendars, each of them right; empty is none."""
    return setting("", what, lambda env, name, unset: env.str(name, unset, validate=_folder_of_calendars))


def power_of_two(default: int, most: int, what: str) -> Any:
    """A power of two up to `most`, or 0 for "choose"."""
    right = f"must be a power of two from 1 to {most}, or 0, not {{input}}"

    def check(number: int) -> None:
        if not 0 <= number <= most or number & (number - 1):
            raise ValidationError(right.format(input=number))

    def read(env: Any, name: str, unset: int) -> Any:
        return env.int(name, unset, validate=check, error_messages={"invalid": right})

    return setting(default, what, read)
