"""What is filed between plan and freeze: recusals 回避, and the confirmations of partner departments. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from services.draws.commands import ConfirmDepartment, FileRecusal
from services.draws.ordering import require, step
from services.draws.problems import (
    DEPARTMENT_CONFIRMED,
    DEPARTMENT_NO_PARTNER,
    ITEM_UNKNOWN,
    PARTNER_UNCONFIRMED,
    RECUSAL_AFTER_FREEZE,
    RECUSAL_STANDS,
)
from services.draws.schedule import working_days_after
from services.draws.steps import Confirmation, Draw, Step
from shared.clock import day_of
from shared.events.types.draw_department_confirmed import DRAW_DEPARTMENT_CONFIRMED
from shared.events.types.draw_recusal_filed import DRAW_RECUSAL_FILED
from shared.registry.working_days import CalendarOf
from shared.web.problems import ProblemError

CONFIRM_WORKING_DAYS = 2
"""Within so many working days a partner department confirms."""
_SHOWN = 10


class Partner(NamedTuple):
    """A partner department of a draw, and what it said; `late` where it did not, or too late."""

    department: str
    confirm_by: date
    confirmation: Confirmation | None
    late: bool


def partners_of(departments: Collection[str], planned_on: date, calendars: CalendarOf) -> list[dict[str, str]]:
    """The plan's key `partners`. Raises `ProblemError` where a year has no calendar."""
    if not departments:
        return []
    confirm_by = working_days_after(planned_on, CONFIRM_WORKING_DAYS, calendars).isoformat()
    return [{"department": each, "confirm_by": confirm_by} for each in dict.fromkeys(departments)]


def partners(draw: Draw, today: date) -> list[Partner]:
    """How far the partner departments are."""
    found = []
    for each in draw.plan.document.get("partners", ()):
        confirmation, confirm_by = draw.confirmations.get(each["department"]), date.fromisoformat(each["confirm_by"])
        day = day_of(datetime.fromisoformat(confirmation.at)) if confirmation else today
        found.append(Partner(each["department"], confirm_by, confirmation, day > confirm_by))
    return found


def file(draw: Draw, command: FileRecusal | ConfirmDepartment) -> Step:
    """What an inspector, a clerk or a partner department says. One that is late is taken too. Raises `ProblemError`."""
    return _recusal(draw, command) if isinstance(command, FileRecusal) else _confirmation(draw, command)


def refuse_unconfirmed(draw: Draw) -> None:
    """Raises `ProblemError` while a partner department has not confirmed."""
    asked = [each["department"] for each in draw.plan.document.get("partners", ())]
    if missing := [each for each in asked if each not in draw.confirmations]:
        detail = f"Nothing was heard yet from: {', '.join(missing[:_SHOWN])}."
        raise ProblemError(PARTNER_UNCONFIRMED, detail, departments=missing[:100])


def _recusal(draw: Draw, command: FileRecusal) -> Step:
    if draw.phase != "planned":
        detail = f"{draw.draw_id} is {draw.phase}: after the draw he is replaced on the panel, by the cause recusal."
        raise ProblemError(RECUSAL_AFTER_FREEZE, detail, phase=draw.phase)
    if (command.inspector_id, command.subject_id) in {each[:2] for each in draw.recusals}:
        raise ProblemError(RECUSAL_STANDS, "It was filed before, and nothing takes it out.")
    said = {"inspector_id": command.inspector_id, "subject_id": command.subject_id, "reason": command.reason}
    text = {"text": command.text} if command.text else {}
    return step(DRAW_RECUSAL_FILED, draw, command, {**said, **text})


def refuse_no_partner(draw: Draw, department: str) -> None:
    """Raises `ProblemError` for a department that the plan does not name as a partner."""
    known = [each["department"] for each in draw.plan.document.get("partners", ())]
    if department not in known:
        detail = f"The partners of {draw.draw_id} are: {', '.join(known[:_SHOWN]) or 'none'}."
        raise ProblemError(DEPARTMENT_NO_PARTNER, detail)


def _confirmation(draw: Draw, command: ConfirmDepartment) -> Step:
    require(draw, "planned")
    refuse_no_partner(draw, command.department)
    if command.department in draw.confirmations:
        raise ProblemError(DEPARTMENT_CONFIRMED, "What it said stands; abandon the draw where that was wrong.")
    items = {each["code"] for each in draw.plan.document.get("items", ())}
    if unknown := [each for each in command.items if each not in items]:
        raise ProblemError(ITEM_UNKNOWN, f"The plan does not have {', '.join(unknown[:_SHOWN])}.")
    said = {"inspectors": list(command.inspectors), "items": list(command.items)}
    return step(DRAW_DEPARTMENT_CONFIRMED, draw, command, {"department": command.department, **said})
