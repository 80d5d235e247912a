"""A plan out of what a planner asks for, with what he left out; its form is judged where it is planned. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from services.draws.filing import partners_of
from shared.clock import SHANGHAI, day_of
from shared.registry.working_days import CalendarOf
from shared.web.problems import INVALID, Fault, ProblemError

_DEFAULTS: Mapping[str, Any] = {
    "partners": [],
    "cap": None,
    "max_load": None,
    "inspector_region": "any",
    "replaces": None,
}
_KNOWN_SINCE = timedelta(days=7)
"""How old the lists' state may be: with every day of the past to choose from, one could choose who is on them."""
_PLANNED_AHEAD = timedelta(days=2 * 366)
_NOT_THE_PLANS = ("draw_id", "public_source")
"""These come into the plan with what is ours to say."""


def drafted(asked: Mapping[str, Any], now: datetime, calendars: CalendarOf) -> dict[str, Any]:
    """The plan that is asked for at an instant; `calendars` count the working days that partner departments have.

    Everything it draws from is judged as of `as_of` and by what was known at `known_at`; neither may be to come, or the
    lists would be made of what nobody knows yet. Raises `ProblemError`.
    """
    given = {name: value for name, value in asked.items() if name not in _NOT_THE_PLANS}
    day = day_of(now)
    today = day.isoformat()
    times = {"as_of": today, "known_at": now.astimezone(SHANGHAI).isoformat(timespec="milliseconds")}
    plan = {**_DEFAULTS, **times, **given}
    plan["partners"] = partners_of([each["department"] for each in plan["partners"]], day, calendars)
    if found := list(_out_of_time(plan, today, now)):
        raise ProblemError(INVALID, "The plan has days that cannot be.", errors=found)
    return plan


def _out_of_time(plan: Mapping[str, Any], today: str, now: datetime) -> list[Fault]:
    found = []
    day = date.fromisoformat(today)
    first, last = (day - _KNOWN_SINCE).isoformat(), (day + _PLANNED_AHEAD).isoformat()
    if not first <= plan["as_of"] <= today:
        found.append(Fault("/as_of", f"must be today in Shanghai, {today}, or one of the days from {first} on"))
    if not now - _KNOWN_SINCE <= datetime.fromisoformat(plan["known_at"]) <= now:
        found.append(Fault("/known_at", f"must be from {first} until now, {now.isoformat(timespec='seconds')}"))
    if not today <= plan["window"]["from"] <= last:
        found.append(Fault("/window/from", f"must be from today in Shanghai, {today}, until {last}"))
    if plan["window"]["until"] > last:
        found.append(Fault("/window/until", f"must not be after {last}"))
    if plan["window"]["until"] < plan["window"]["from"]:
        found.append(Fault("/window/until", "must not be before `from`"))
    return found
