"""The days of a draw: when its inspections are, and by when it is to be published 公示. Pure.

What came of a random inspection is public within 20 working days after it. These are counted by the official calendar;
of a year without one nothing is guessed: a planner then names a day himself that is early enough whatever it will say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from services.draws.problems import NO_CALENDAR, PUBLISH_BY_OUT_OF_RANGE
from shared.draw.plan import Plan
from shared.registry.working_days import CalendarOf, NoCalendar, after, surely_within
from shared.web.problems import Fault, ProblemError

PUBLICATION = 20
"""Working days from an inspection to the publication of what came of it."""


class Window(NamedTuple):
    """The days of the inspections; both are among them."""

    first: date
    last: date

    @property
    def over(self) -> date:
        """The day after the last."""
        return self.last + timedelta(days=1)


def window_of(plan: Mapping[str, Any]) -> Window | None:
    """The plan's key `window`; None where it has none. Raises `ValueError` where that is no span of days."""
    given = plan.get("window")
    if given is None:
        return None
    if not isinstance(given, Mapping) or given.keys() != {"from", "until"}:
        raise ValueError("must be an object with from and until")
    window = Window(_day(given["from"]), _day(given["until"]))
    if window.last < window.first:
        raise ValueError("must not end before it begins")
    return window


def last_day(plan: Plan) -> date:
    """Until when somebody who was drawn may still be inspected: a plan without a window is over with `publish_by`."""
    window = window_of(plan.document)
    return window.last if window else plan.publish_by


def with_publication_day(plan: Mapping[str, Any], calendars: CalendarOf) -> Mapping[str, Any]:
    """The plan with its `publish_by`: that which it has, or the last day of the limit after its window.

    Raises `ProblemError` where it has one later than that, or one before the window is over; and where it has none and
    a year has no calendar. A plan without a right window is given back as it is: whoever judges its form says so.
    """
    try:
        window = window_of(plan)
        given = None if plan.get("publish_by") is None else _day(plan["publish_by"])
    except ValueError:
        return plan
    if window is None:
        return plan
    if given is None:
        return {**plan, "publish_by": publication_limit(window.last, calendars).isoformat()}
    latest = surely_within(window.last, PUBLICATION, calendars)
    if not window.last < given <= latest:
        fault = Fault("/publish_by", f"must be from {window.over} to {latest}")
        detail = f"The inspections end on {window.last}; what came of them is public within {PUBLICATION} working days."
        raise ProblemError(PUBLISH_BY_OUT_OF_RANGE, detail, errors=[fault])
    return plan


def publication_limit(day: date, calendars: CalendarOf) -> date:
    """By when what came of an inspection of a day is public. Raises `ProblemError` where a year has no calendar."""
    return working_days_after(day, PUBLICATION, calendars)


def working_days_after(day: date, number: int, calendars: CalendarOf) -> date:
    """The last day of a limit of so many working days. Raises `ProblemError` where a year has no calendar."""
    try:
        return after(day, number, calendars)
    except NoCalendar as missing:
        year, sure = missing.year, surely_within(day, number, calendars).isoformat()
        detail = (
            f"{number} working days after {day} reach {year}, whose calendar is not loaded. Put what the notice "
            f"国务院办公厅关于{year}年部分节假日安排的通知 says into a file {year}.json in the folder that "
            "CHENGXIN_CALENDARS names, in the form of those that are shipped, and start again. Until then, "
            f"{sure} is within the limit whatever the notice will say."
        )
        raise ProblemError(NO_CALENDAR, detail, year=year, surely_within=sure) from None


def _day(text: Any) -> date:
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        day = None
    if day is None or day.isoformat() != text:  # other forms of ISO 8601 name a day too
        raise ValueError("must have days such as 2026-11-30")
    return day
