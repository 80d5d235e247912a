"""Working days 工作日, by the State Council's notices of holidays and of the weekends worked for them 调休.

Legal time limits are counted by them. A year whose notice is not here yet is an error, never a guess: the notice comes
in the autumn before, and moves weekends that nobody could have known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_SATURDAY = 5


class NoCalendar(LookupError):
    """There is no calendar of a year: nothing can be said of its days."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the calendar of {year} is not loaded (国务院办公厅关于{year}年部分节假日安排的通知)")
        self.year = year


class Calendar(NamedTuple):
    """What a notice says of a year: days off, and weekends that are worked."""

    notice: str
    holidays: frozenset[date]
    workdays: frozenset[date]


def is_working_day(day: date) -> bool:
    """Whether a day is worked. Raises `NoCalendar`."""
    calendar = calendar_of(day.year)
    return day in calendar.workdays or (day.weekday() < _SATURDAY and day not in calendar.holidays)


def after(day: date, number: int) -> date:
    """The last day of a limit of so many working days, 1 or more: the day itself does not count (民法典 第二百零一条).

    Raises `NoCalendar` where the limit reaches a year that is not known.
    """
    for each in _days_from(day + timedelta(days=1)):
        number -= is_working_day(each)
        if number == 0:
            return each
    raise AssertionError("days do not end")


def before(day: date, number: int) -> date:
    """The day that lies so many working days, 1 or more, before another. Raises `NoCalendar`."""
    each = day
    while number:
        each -= timedelta(days=1)
        number -= is_working_day(each)
    return each


@cache
def calendar_of(year: int) -> Calendar:
    """The calendar of a year. Raises `NoCalendar`."""
    file = files("shared.registry") / "data" / "calendars" / f"{year}.json"
    if not file.is_file():
        raise NoCalendar(year)
    document = json.loads(file.read_text("utf-8"))
    holidays = {
        day
        for each in document["holidays"]
        for day in _days_from(date.fromisoformat(each["from"]), date.fromisoformat(each["until"]))
    }
    workdays = frozenset(map(date.fromisoformat, document["workdays"]))
    return Calendar(document["notice"], frozenset(holidays), workdays)


def _days_from(first: date, last: date = date.max) -> Iterator[date]:
    day = first
    while day < last:
        yield day
        day += timedelta(days=1)
    yield last
