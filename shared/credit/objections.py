"""Objections 异议 of subjects as their facts tell them, and the clock that runs for who has to decide. Pure.

An objection is a dispute over the channel `objection`: the mark stands beside the item as soon as it is applied, and it
lies with the clerks until a closing by a reviewer who is no author (SCORING.md section 3.12). There is no second record
of it anywhere, so a rebuilt store tells the same of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal

from shared.credit.dossiers import precedence
from shared.credit.facts import Fact, first_copies, order_of, standing
from shared.credit.periods import parse_day
from shared.registry.working_days import CalendarOf, NoCalendar, after, calendar_of

Sort = Literal["objection", "reply"]
SOURCE = "urn:chengxin:objections"
"""Of what subjects file here themselves; organs send what they were told on paper under their own."""
NUMBERED: Mapping[str, str] = {"case": "case_no", "inspection": "inspection_id"}
"""What can be objected to, and the member that says which."""
_STATING = {
    "case": frozenset({"cn.chengxin.case.decided.v1", "cn.chengxin.case.amended.v1"}),
    "inspection": frozenset({"cn.chengxin.inspection.completed.v1"}),
}
"""What states one. A case that takes an inspection over has its number too, and says nothing of it."""
_AUTHORS = ("officers", "inspectors")
_CHANNEL = "objection"
_SHANGHAI = timezone(timedelta(hours=8))
"""As it has been all through the years that this knows; a pure room asks no database of zones."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Working days within which an objection is marked, and decided: within one's own scope, or asking others."""

    mark: int = 1
    own: int = 3
    others: int = 7


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection; `decided_on` and `outcome` are None while it is open, `region` is that of what it is about."""

    source: str
    id: str
    about: str
    number: str
    filed_on: date
    marked_at: datetime
    region: str | None = None
    decided_on: date | None = None
    outcome: str | None = None
    told_on: date | None = None
    """When its closing came on the log: one that is dated back was silence until then."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The limits of an objection. A day is None where a year has no calendar: nobody guesses a legal limit."""

    mark_by: date | None
    decide_by: date | None
    missing_calendar: int | None

    def overdue(self, objection: Objection, today: date) -> bool | None:
        """Whether it was decided, or is still open, after the last day; None where that day is not known."""
        if self.decide_by is None:
            return None
        decided = objection.decided_on or today
        if objection.told_on and _day(objection.marked_at) <= self.decide_by:  # *else* both were reported long after
            decided = max(decided, objection.told_on)
        return decided > self.decide_by

    def marked_late(self, objection: Objection) -> bool | None:
        """Whether the mark stood on the log after its last day; None where that day is not known."""
        if self.mark_by is None:
            return None
        return _day(objection.marked_at) > self.mark_by


def clock(objection: Objection, limits: Limits, calendars: CalendarOf = calendar_of) -> Clock:
    """By when an objection is to be marked and decided.

    A finding rests on our own inspection and lies within one's own scope; a case rests on a decision document, and the
    organ that made it has to be asked (山东省社会信用条例 article 39: three working days, seven with others).
    """
    days = limits.own if objection.about == "inspection" else limits.others
    try:
        mark_by = after(objection.filed_on, limits.mark, calendars)
    except NoCalendar as missing:
        return Clock(None, None, missing.year)
    try:
        return Clock(mark_by, after(objection.filed_on, days, calendars), None)
    except NoCalendar as missing:
        return Clock(mark_by, None, missing.year)


def objections(facts: Iterable[Fact]) -> list[Objection]:
    """All objections of a subject, by day of filing; also to what has been taken back since."""
    known = list(facts)
    stands = standing(known)[0]
    found = [each for fact in stands if (each := _objection(fact, stands, known)) is not None]
    return sorted(found, key=lambda each: (each.filed_on, each.source, each.id))


def statements(facts: Iterable[Fact]) -> Mapping[str, str]:
    """What subjects said here, by the id of the event that says it. Not for the public."""
    return {
        fact.id: str(fact.data["statement"]) for fact in facts if _what(fact) == "replied" and fact.source == SOURCE
    }


def content_of(facts: Iterable[Fact], about: str, number: str) -> Mapping[str, Any] | None:
    """What a case or inspection says, by the rule of the score; None where no fact that stands states it.

    Also of one that was taken back since: its objection is to be told of by what it was.
    """
    name = NUMBERED[about]
    stating = [fact for fact in first_copies(facts) if fact.type in _STATING[about] and fact.data.get(name) == number]
    found = max(stating, key=precedence, default=None)
    return found.data if found else None


def authors_of(content: Mapping[str, Any] | None) -> frozenset[str]:
    """Who signed it: none of them decides about it."""
    return frozenset(name for member in _AUTHORS for name in (content or {}).get(member, ()))


def _objection(fact: Fact, stands: list[Fact], known: list[Fact]) -> Objection | None:
    if _what(fact) != "disputed" or fact.data.get("channel", _CHANNEL) != _CHANNEL:
        return None
    about = "case" if "case_no" in fact.data else "inspection"
    number, filed = str(fact.data[NUMBERED[about]]), parse_day(fact.data["on"])
    content = content_of(known, about, number)
    closed = min(_closings(stands, fact, number, filed, authors_of(content)), default=(None, "", None))
    region = (content or {}).get("region")
    decided, outcome, told = closed
    return Objection(
        fact.source,
        fact.id,
        about,
        number,
        filed,
        fact.recorded_at,
        region,
        decided,
        outcome if decided else None,
        told,
    )


def _closings(
    stands: list[Fact], filing: Fact, number: str, filed: date, authors: frozenset[str]
) -> Iterator[tuple[date, str, date]]:
    """What closes it: no court's closing, and none of the same day that came before it."""
    member = NUMBERED["case" if "case_no" in filing.data else "inspection"]
    for fact in stands:
        if _what(fact) != "dispute_closed" or fact.data.get(member) != number:
            continue
        day, ours = parse_day(fact.data["on"]), fact.data.get("channel", _CHANNEL) == _CHANNEL
        later = day > filed or (day == filed and order_of(fact.time) >= order_of(filing.time))
        if ours and later and fact.data["reviewer"] not in authors:
            yield day, str(fact.data.get("outcome", "")), _day(fact.recorded_at)


def _day(instant: datetime) -> date:
    return instant.astimezone(_SHANGHAI).date()


def _what(fact: Fact) -> str:
    return fact.type.removesuffix(".v1").rpartition(".")[2]
