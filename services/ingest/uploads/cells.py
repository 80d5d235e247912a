"""What people write into cells, as events have it. Pure; every form raises `ValueError` with what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Form = Callable[[str], Any]
"""What a cell says, out of its text."""

LOST = "\N{REPLACEMENT CHARACTER}"
"""A number of which the spreadsheet has lost digits."""
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?")
_BETWEEN = re.compile(r"[、，,；;\n]+")
_FINDING = re.compile(r"(\S+)[ 　]+(\S+)")
_PREMISES = re.compile("[0-9]{1,4}")
_AMOUNT = re.compile(r"([0-9]{1,10})(?:[.]([0-9]{1,2}))?")


def text(cell: str) -> str:
    """As it is, on one line."""
    return " ".join(cell.split("\n"))


def premises(cell: str) -> str:
    """Which of several premises: 1 is 01, since spreadsheets take zeros away."""
    if not _PREMISES.fullmatch(cell):
        raise ValueError("must be 2 to 4 digits, such as 01")
    return f"{cell:0>2}"


def prose(cell: str) -> str:
    """As it is, line breaks too."""
    return cell


def day(cell: str) -> str:
    """A day, in any usual spelling."""
    if found := _DAY.fullmatch(cell):
        year, month, number = found.groups()
        return f"{year}-{month:0>2}-{number:0>2}"
    raise ValueError("must be a day, such as 2026-02-01")


def people(cell: str) -> list[str]:
    """Several, with 、 between them."""
    return [each.strip() for each in _BETWEEN.split(cell) if each.strip()]


def word(words: Mapping[str, str]) -> Form:
    """One of some words, in Chinese or as events have it."""

    def form(cell: str) -> str:
        found = words.get(cell) or (cell if cell in words.values() else None)
        if found is None:
            raise ValueError(f"must be {' or '.join(words)}")
        return found

    return form


def findings(severities: Mapping[str, str]) -> Form:
    """Violations, each with its severity: `SP-03 一般；SP-01 轻微`."""
    severity = word(severities)

    def form(cell: str) -> list[dict[str, str]]:
        found = []
        for each in people(cell):
            parts = _FINDING.fullmatch(each)
            if parts is None:
                raise ValueError("must be codes with their severities, such as SP-03 一般；SP-01 轻微")
            found.append({"violation_code": parts[1], "severity": severity(parts[2])})
        return found

    return form


def cents(cell: str) -> int:
    """An amount in yuan 元, in cents 分."""
    found = _AMOUNT.fullmatch(cell.replace(",", "").removesuffix("元"))
    if found is None:
        raise ValueError("must be an amount in yuan with two decimals at most, such as 200 or 200.50")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
