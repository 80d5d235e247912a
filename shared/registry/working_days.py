"""Working days 工作日, by the State Council's notices of holidays and of the weekends worked for them 调休.

Legal time limits are counted by them. A year whose notice is not here yet is an error, never a guess: the notice comes
in the autumn before, and moves weekends that nobody could have known. Until the next release an installation adds it by
a file of its own (`shared/calendars.py`); whoever counts is told of both by a `CalendarOf`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from shared.registry.calendar_form import Calendar, days_from, parse_calendar

_SATURDAY = 5


class NoCalendar(LookupError):
    """There is no calendar of a year: nothing can be said of its days."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the calendar of {year} is not loaded (国务院办公厅关于{year}年部分节假日安排的通知)")
        self.year = year


@cache
def calendar_of(year: int) -> Calendar:
    """The calendar of a year that is shipped. Raises `NoCalendar`."""
    file = files("shared.registry") / "data" / "calendars" / f"{year}.json"
    if not file.is_file():
        raise NoCalendar(year)
    return parse_calendar(file.read_bytes(), year)


CalendarOf = Callable[[int], Calendar]
"""The calendar of a year; raises `NoCalendar`."""


def is_working_day(day: date, calendars: CalendarOf = calendar_of) -> bool:
    """Whether a day is worked. Raises `NoCalendar`."""
    calendar = calendars(day.year)
    return day in calendar.workdays or (day.weekday() < _SATURDAY and day not in calendar.holidays)


def after(day: date, number: int, calendars: CalendarOf = calendar_of) -> date:
    """The last day of a limit of so many working days, 1 or more: the day itself does not count (民法典 第二百零一条).

    Raises `NoCalendar` where the limit reaches a year that is not known.
    """
    for each in days_from(day + timedelta(days=1)):
        number -= is_working_day(each, calendars)
        if number == 0:
            return each
    raise AssertionError("days do not end")


def surely_within(day: date, number: int, calendars: CalendarOf = calendar_of) -> date:
    """The last day that lies in such a limit whatever calendars that are not here yet will say: each of their days
    counts as worked. Where all are here it is the limit's last day.
    """

    def worked(each: date) -> bool:
        try:
            return is_working_day(each, calendars)
        except NoCalendar:
            return True

    for each in days_from(day + timedelta(days=1)):
        number -= worked(each)
        if number == 0:
            return each
    raise AssertionError("days do not end")


def before(day: date, number: int, calendars: CalendarOf = calendar_of) -> date:
    """The day that lies so many working days, 1 or more, before another. Raises `NoCalendar`."""
    each = day
    while number:
        each -= timedelta(days=1)
        number -= is_working_day(each, calendars)
    return each
