"""What of a draw is due, by when, and what is overdue. Pure; a day ends in Shanghai."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from services.draws.filing import partners
from services.draws.replacing import open_proposals
from services.draws.schedule import publication_limit, window_of
from services.draws.steps import Draw
from shared.clock import day_of
from shared.registry.working_days import CalendarOf


class Due(NamedTuple):
    """A next step: `of` whom or what, `not_before` and `by` when, days or instants; None where nothing bounds it."""

    what: str
    of: str | None = None
    not_before: str | None = None
    by: str | None = None
    overdue: bool = False


class OutcomeDue(NamedTuple):
    """By when what came of an inspection is to be public 二十个工作日内公示."""

    subject_id: str
    inspected_on: date
    publish_by: date
    overdue: bool


def overdue_since(draw: Draw, today: date) -> date | None:
    """The first day on which a draw that is committed was late to be published; None where it is not late.

    Of lists that were never committed nothing is to be published.
    """
    if draw.committed is None or draw.phase in ("published", "abandoned") or today <= draw.plan.publish_by:
        return None
    return draw.plan.publish_by + timedelta(days=1)


def next_steps(draw: Draw, now: datetime) -> list[Due]:
    """What comes next.

    `abandon` where nothing else can come: what the seed rests on could have been known too early, or was not entered in
    time.
    """
    match draw.phase:
        case "planned":
            return [*_departments(draw, day_of(now)), _freeze(draw, now)]
        case "committed":
            return list(_seed(draw, now))
        case "seeded":
            return [Due("run")]
        case "drawn":
            return [_publish(draw, day_of(now)), *_replacements(draw)]
        case _:
            return list(_replacements(draw))


def outcome_dues(
    inspected: Mapping[str, date], today: date, calendars: CalendarOf, *, published: bool
) -> list[OutcomeDue]:
    """By when each outcome is to be public, the earliest first; with the draw all of them are.

    `inspected` has the days of the inspections by subject. Raises `ProblemError` where a year has no calendar.
    """
    limits = {day: publication_limit(day, calendars) for day in set(inspected.values())}
    found = [
        OutcomeDue(subject, day, limits[day], overdue=not published and today > limits[day])
        for subject, day in inspected.items()
    ]
    return sorted(found, key=lambda each: (each.publish_by, each.subject_id))


def _departments(draw: Draw, today: date) -> Iterator[Due]:
    """Partner departments that have not confirmed 联合抽查部门确认."""
    for each in partners(draw, today):
        if each.confirmation is None:
            yield Due("department", each.department, by=each.confirm_by.isoformat(), overdue=each.late)


def _freeze(draw: Draw, now: datetime) -> Due:
    first = min(draw.plan.seed_sources, key=lambda source: source.not_before)
    if now >= first.not_before[0]:
        return Due("abandon")
    return Due("freeze", by=_text_of(draw, first.name))


def _seed(draw: Draw, now: datetime) -> Iterator[Due]:
    public, last = draw.plan.document.get("public_source"), draw.plan.seed_sources[-1]
    missing = [each for each in draw.plan.seed_sources if each.name not in draw.values]
    if public is not None and now >= last.not_before[0] and any(each.name != public for each in missing):
        yield Due("abandon")
        return
    for each in missing:
        by = _text_of(draw, last.name) if public is not None and each.name != public else None
        yield Due("seed", each.name, _text_of(draw, each.name), by)


def _publish(draw: Draw, today: date) -> Due:
    window = window_of(draw.plan.document)
    over = window.over.isoformat() if window else None
    late = overdue_since(draw, today) is not None
    return Due("publish", not_before=over, by=draw.plan.publish_by.isoformat(), overdue=late)


def _replacements(draw: Draw) -> Iterator[Due]:
    return (Due("replacement", str(number)) for number in open_proposals(draw))


def _text_of(draw: Draw, name: str) -> str:
    """A source's `not_before` as the plan writes it."""
    return next(str(each["not_before"]) for each in draw.plan.document["seed_sources"] if each["name"] == name)
