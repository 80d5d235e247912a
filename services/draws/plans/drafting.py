"""A plan out of what a planner asks for, with what he left out; its form is judged where it is planned. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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
    if found := list(_to_come(plan, today, now)):
        raise ProblemError(INVALID, "The plan speaks of what nobody can know yet.", errors=found)
    return plan


def _to_come(plan: Mapping[str, Any], today: str, now: datetime) -> list[Fault]:
    found = []
    if plan["as_of"] > today:
        found.append(Fault("/as_of", f"must be today in Shanghai, {today}, or earlier"))
    if datetime.fromisoformat(plan["known_at"]) > now:
        found.append(Fault("/known_at", f"must not be later than now, {now.isoformat(timespec='seconds')}"))
    if plan["window"]["until"] < plan["window"]["from"]:
        found.append(Fault("/window/until", "must not be before `from`"))
    return found
