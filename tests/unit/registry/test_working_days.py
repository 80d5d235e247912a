"""Working days by the official notices, and no answer where there is none yet."""

from datetime import date, timedelta

import pytest

from shared.registry.working_days import NoCalendar, after, before, calendar_of, is_working_day, surely_within

NUMBERS = {2024: 251, 2025: 248, 2026: 248}
"""Working days of a year as published with each notice: days less weekends less holidays plus weekends worked."""


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-01-02", False),  # a Friday off
        ("2026-01-04", True),  # a Sunday worked
        ("2026-02-14", True),  # a Saturday worked before the Spring Festival
        ("2026-02-16", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2026-03-01", False),
        ("2026-10-07", False),
        ("2026-10-10", True),
        ("2025-10-08", False),
        ("2024-02-09", True),  # New Year's Eve, a day for which employers were asked to give leave
    ],
)
def test_days_of_the_notices(day, worked):
    assert is_working_day(date.fromisoformat(day)) == worked


@pytest.mark.parametrize("year", NUMBERS)
def test_weekends_worked_are_weekends_and_no_holidays(year):
    calendar = calendar_of(year)
    assert {day.weekday() for day in calendar.workdays} <= {5, 6}
    assert not calendar.workdays & calendar.holidays
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365 + (year % 4 == 0))]
    assert sum(map(is_working_day, days)) == NUMBERS[year]


def test_a_time_limit_begins_with_the_next_day():
    assert after(date(2026, 9, 24), 1) == date(2026, 9, 28)  # the Mid-autumn Festival lies between
    assert after(date(2026, 9, 30), 20) == surely_within(date(2026, 9, 30), 20) == date(2026, 11, 3)
    assert after(date(2026, 11, 20), 1) == date(2026, 11, 23)


def test_days_before():
    assert before(date(2026, 10, 8), 2) == date(2026, 9, 29)
    assert before(date(2026, 11, 23), 1) == date(2026, 11, 20)


def test_a_year_without_a_notice_is_never_guessed():
    with pytest.raises(NoCalendar, match="2027"):
        after(date(2026, 12, 20), 20)
    assert surely_within(date(2026, 12, 20), 20) == date(2027, 1, 11)  # 9 days of December, then every day
    with pytest.raises(NoCalendar, match="2023"):
        before(date(2024, 1, 1), 1)
