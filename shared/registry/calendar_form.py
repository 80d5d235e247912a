"""A year's calendar as a file: what the State Council's notice says of it (`data/calendars/YYYY.json`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

_KEYS = {"year", "notice", "holidays", "workdays"}
_SATURDAY = 5


class Calendar(NamedTuple):
    """What a notice says of a year: days off, and weekends that are worked."""

    notice: str
    holidays: frozenset[date]
    workdays: frozenset[date]


def parse_calendar(data: bytes, year: int) -> Calendar:
    """The calendar of a year out of its file. Raises `ValueError` with the fault and what would be right.

    Every day has to lie in the year: one of another year would be looked for in that year's file, and never found.
    """
    try:
        document = json.loads(data.decode())
    except (ValueError, RecursionError):
        raise ValueError("must be JSON in UTF-8") from None
    if not isinstance(document, dict) or document.keys() != _KEYS:
        raise ValueError(f"must be an object with {', '.join(sorted(_KEYS))} and nothing else")
    if document["year"] != year:
        raise ValueError(f"must have the year {year} that its name says")
    if not isinstance(document["notice"], str) or not document["notice"].strip():
        raise ValueError("must name the notice 文号 that it follows")
    holidays = frozenset(day for each in _listed(document, "holidays") for day in _span(each, year))
    workdays = frozenset(_day(each, year) for each in _listed(document, "workdays"))
    if wrong := [day for day in workdays if day.weekday() < _SATURDAY or day in holidays]:
        raise ValueError(f"workdays: {min(wrong)} must be a Saturday or Sunday, and no holiday")
    return Calendar(document["notice"], holidays, workdays)


def days_from(first: date, last: date = date.max) -> Iterator[date]:
    """Every day of a span, its last one too."""
    day = first
    while day < last:
        yield day
        day += timedelta(days=1)
    yield last


def _listed(document: dict[str, Any], name: str) -> list[Any]:
    listed = document[name]
    if not isinstance(listed, list):
        raise ValueError(f"{name} must be an array")  # noqa: TRY004 - of a file it is a wrong value
    return listed


def _span(holiday: Any, year: int) -> Iterator[date]:
    if not isinstance(holiday, dict) or holiday.keys() != {"name", "from", "until"}:
        raise ValueError("holidays: each must be an object with name, from, until")
    first, last = _day(holiday["from"], year), _day(holiday["until"], year)
    if last < first:
        raise ValueError(f"holidays: {first} must not be later than {last}")
    return days_from(first, last)


def _day(text: Any, year: int) -> date:
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError(f"{text!r} must be a day such as {year}-01-01") from None
    if day.year != year:
        raise ValueError(f"{day} must be a day of {year}")
    return day
