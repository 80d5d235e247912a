"""What a notice 信用积分通知书 says of a deduction: what, how many points, until when, and every remedy. Pure.

Working days are counted by the calendars of the State Council. Where a year has none, a limit in working days is not
said; one in days or months is said as the law counts it, and that its last day may move on to a working day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shared.credit.facts import Fact
from shared.credit.item import Item
from shared.credit.periods import add_months
from shared.credit.points import show_points
from shared.credit.receipt import assess
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import registration
from shared.registry.working_days import CalendarOf, NoCalendar, after, is_working_day

RECONSIDERATION_DAYS = 60
"""行政复议法 article 20, from the day of knowing, which is at the latest that of service."""
LITIGATION_MONTHS = 6
"""行政诉讼法 article 46."""
_TYPES = {"case": "case", "inspection": "finding"}


@dataclass(frozen=True, slots=True)
class Deduction:
    """Which deduction of a subject: the case or inspection, and the place of the finding in it, from 0."""

    subject_id: str
    about: str
    number: str
    index: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """The last day of something. `on` is None, or may still move on, where the named year has no calendar."""

    on: date | None
    missing_calendar: int | None = None

    def shown(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"on": self.on and self.on.isoformat(), "missing_calendar": self.missing_calendar}


def find(deduction: Deduction, facts: Iterable[Fact], rulebooks: Rulebooks, today: date) -> Item | None:
    """The item that counts today; None where none does, so that what has ended has no notice."""
    account = assess(deduction.subject_id, facts, rulebooks, ledger="internal")
    wanted = (_TYPES[deduction.about], deduction.number, deduction.index)
    found = (item for item in account.items if (item.type, item.ref, item.index) == wanted)
    return next((item for item in found if item.active(today) and item.points > 0), None)


def notice(
    deduction: Deduction,
    item: Item,
    facts: Iterable[Fact],
    served_on: date,
    file_days: int,
    calendars: CalendarOf,
) -> dict[str, Any]:
    """The notice of an item that `find` has found, as JSON has it."""
    content = item.dossier.content.data if item.dossier.content else {}
    registered = registration(facts) or {}
    violation = item.violation
    return {
        "subject_id": deduction.subject_id,
        "name": registered.get("name"),
        "region": content.get("region"),
        "about": deduction.about,
        "number": deduction.number,
        "index": deduction.index,
        "organ": (content.get("organ") or {}).get("name"),
        "decision_no": content.get("decision_no"),
        "code": item.code,
        "violation": violation.name if violation else None,
        "legal_basis": list(violation.legal_basis) if violation else [],
        "severity": item.severity,
        "occurred_on": item.occurred_on.isoformat(),
        "decided_on": item.decided_on.isoformat(),
        "points": show_points(item.points),
        "counts_from": item.decided_on.isoformat(),
        "counts_until": item.until.isoformat() if item.until else None,
        "served_on": served_on.isoformat(),
        "objection": _in_working_days(served_on, file_days, calendars).shown(),
        "repair_from": _repair_from(item),
        "reconsideration": None,
        "litigation": None,
        **(_appeals(content.get("served_on"), calendars) if deduction.about == "case" else {}),
    }


def _appeals(served: str | None, calendars: CalendarOf) -> dict[str, Any]:
    """Against a decision alone: a finding of an inspection is none, so there is no suit about it. They run from the day
    on which the decision was served; where nobody has said which that was, no last day can be told.
    """
    if served is None:
        return {}
    served_on = date.fromisoformat(served)
    return {
        "reconsideration": _moved(served_on + timedelta(days=RECONSIDERATION_DAYS), calendars).shown(),
        "litigation": _moved(add_months(served_on, LITIGATION_MONTHS), calendars).shown(),
    }


def _repair_from(item: Item) -> str | None:
    repair = item.violation.repair.get(item.severity or "") if item.violation else None
    return add_months(item.decided_on, repair.after_months).isoformat() if repair and repair.allowed else None


def _in_working_days(day: date, number: int, calendars: CalendarOf) -> Limit:
    try:
        return Limit(after(day, number, calendars))
    except NoCalendar as missing:
        return Limit(None, missing.year)


def _moved(day: date, calendars: CalendarOf) -> Limit:
    """A limit whose last day is a holiday ends with the next working day (民法典 第二百零三条)."""
    moved = day
    try:
        while not is_working_day(moved, calendars):
            moved += timedelta(days=1)
    except NoCalendar as missing:
        return Limit(day, missing.year)
    return Limit(moved)
