"""What subjects file becomes events, and what is told of it. Pure.

An objection is the dispute's mark and the statement of its reasons, a reply the statement alone: the types that organs
send too, so that there is one way of disputing anything. The id of an objection begins with its subject's, by which its
facts are found without an index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from shared.clock import day_of
from shared.credit.facts import Fact, standing
from shared.credit.objections import NUMBERED, SOURCE, Limits, Objection, clock, objections, statements
from shared.events.envelope import Event
from shared.events.types.case_revoked import CASE_REVOKED
from shared.events.types.fact_withdrawn import FACT_WITHDRAWN
from shared.registry.working_days import CalendarOf

_ID = re.compile(r"(?P<subject>[a-z]+:[0-9A-Z-]{1,40})[.](?P<mark>[0-9a-f]{16})")
MARK_DIGITS = 16
TAKING_BACK = ("revoked", "withdrawn-")
"""What begins the names of events by which a decision takes back what was disputed."""


Told = Mapping[str, Any]
"""What is told of a filing."""


class Named(NamedTuple):
    """Where a filing lies: its subject, and the mark that begins the ids of its events."""

    subject_id: str
    mark: str

    @property
    def objection_id(self) -> str:
        """As addresses have it."""
        return f"{self.subject_id}.{self.mark}"


def named(objection_id: str) -> Named | None:
    """What an id names; None where it has not the form of one."""
    match = _ID.fullmatch(objection_id)
    return Named(match["subject"], match["mark"]) if match else None


def filing(which: Named, about: str, number: str, sort: str, statement: str, now: datetime) -> list[Event]:
    """The events of an objection or a reply."""
    member, on, time = NUMBERED[about], day_of(now).isoformat(), now.isoformat()

    def event(what: str, data: Mapping[str, Any]) -> Event:
        type_ = f"cn.chengxin.{about}.{what}.v1"
        return Event(f"{which.mark}.{what}", SOURCE, type_, which.subject_id, time, {member: number, "on": on, **data})

    replied = event("replied", {"statement": statement})
    return [event("disputed", {"channel": "objection"}), replied] if sort == "objection" else [replied]


def decision(
    which: Named, found: Objection, asked: Mapping[str, Any], facts: Iterable[Fact], now: datetime
) -> list[Event]:
    """The closing of an objection; behind it, where it revokes, what takes its cause back for good."""
    on, time = day_of(now).isoformat(), now.isoformat()
    instrument = {"instrument_no": asked["instrument_no"]} if "instrument_no" in asked else {}
    number = {NUMBERED[found.about]: found.number}
    closing = {
        **number,
        "on": on,
        "channel": "objection",
        "outcome": asked["outcome"],
        "reviewer": asked["reviewer"],
        **instrument,
    }

    def event(what: str, type_: str, data: Mapping[str, Any]) -> Event:
        return Event(f"{which.mark}.{what}", SOURCE, type_, which.subject_id, time, dict(data))

    events = [event("closed", f"cn.chengxin.{found.about}.dispute_closed.v1", closing)]
    if asked["outcome"] == "revoked" and found.about == "case":
        revoked = {**number, "revoked_on": on, "ground": "self_correction", **instrument}
        events.append(event("revoked", CASE_REVOKED, revoked))
    elif asked["outcome"] == "revoked":
        completed = sorted(
            fact.identity
            for fact in standing(facts)[0]
            if fact.type == "cn.chengxin.inspection.completed.v1" and fact.data["inspection_id"] == found.number
        )
        for place, (source, id_) in enumerate(completed):
            data = {"source": source, "id": id_, "ground": "annulled", **instrument}
            events.append(event(f"withdrawn-{place}", FACT_WITHDRAWN, data))
    return events


def release(which: Named, told: Mapping[str, Any], reviewer: str, now: datetime) -> Event:
    """What lets the public read a statement."""
    about, on = told["about"], day_of(now).isoformat()
    reply = {"reply_source": SOURCE, "reply_id": f"{which.mark}.replied"}
    data = {NUMBERED[about]: told["number"], "on": on, "reviewer": reviewer, **reply}
    type_ = f"cn.chengxin.{about}.reply_released.v1"
    return Event(f"{which.mark}.released", SOURCE, type_, which.subject_id, now.isoformat(), data)


def taken_back(which: Named, now: datetime) -> Event:
    """What takes a release back."""
    released = {"source": SOURCE, "id": f"{which.mark}.released"}
    data = {**released, "ground": "entered_in_error", "instrument_no": which.objection_id}
    return Event(f"{which.mark}.taken_back", SOURCE, FACT_WITHDRAWN, which.subject_id, now.isoformat(), data)


def filed(
    which: Named, facts: Iterable[Fact], limits: Limits, calendars: CalendarOf, today: date
) -> dict[str, Any] | None:
    """What is told of a filing to its subject and to clerks; None where there is none."""
    known = list(facts)
    found = objection_of(which, known)
    written = set(names_of(which, known))
    released = "released" in written and "taken_back" not in written
    said = {"statement": statements(known).get(f"{which.mark}.replied"), "released": released}
    if found is not None:
        return {"sort": "objection", **said, **shown(which.subject_id, found, limits, calendars, today)}
    reply = next((fact for fact in known if (fact.source, fact.id) == (SOURCE, f"{which.mark}.replied")), None)
    if reply is None:
        return None
    about = "case" if "case_no" in reply.data else "inspection"
    told = {"sort": "reply", "objection_id": which.objection_id, "subject_id": which.subject_id, "about": about}
    return {**told, "number": reply.data[NUMBERED[about]], **said, "filed_on": reply.data["on"]}


def names_of(which: Named, facts: Iterable[Fact]) -> Iterator[str]:
    """What was written here about a filing: the last parts of the ids."""
    begin = f"{which.mark}."
    return (fact.id.removeprefix(begin) for fact in facts if fact.source == SOURCE and fact.id.startswith(begin))


def all_filed(subject_id: str, facts: Iterable[Fact]) -> list[Named]:
    """What a subject has filed here."""
    ends = ".disputed", ".replied"
    marks = (fact.id.partition(".")[0] for fact in facts if fact.source == SOURCE and fact.id.endswith(ends))
    return [Named(subject_id, mark) for mark in dict.fromkeys(marks)]


def unread(subject_id: str, facts: Iterable[Fact]) -> list[Named]:
    """Filings here whose statements no clerk has released."""
    known = [fact for fact in facts if fact.source == SOURCE]
    marks = (fact.id.partition(".")[0] for fact in known if fact.id.endswith(".replied"))
    found = [Named(subject_id, mark) for mark in dict.fromkeys(marks)]
    return [which for which in found if "released" not in names_of(which, known)]


def by_day(told: Told) -> str:
    """The place of a filing in a list of those that were filed first."""
    return f"{told['filed_on']} {told['objection_id']}"


def by_urgency(told: Told) -> str:
    """The place of an objection in a list of those that are to be decided first; None is never before a day."""
    return " ".join((told["decide_by"] or "9999", told["filed_on"], told["number"], told["subject_id"], told["id"]))


def objection_of(which: Named, facts: Iterable[Fact]) -> Objection | None:
    """The objection that was filed here under an id."""
    wanted = (SOURCE, f"{which.mark}.disputed")
    return next((each for each in objections(facts) if (each.source, each.id) == wanted), None)


def shown(subject_id: str, found: Objection, limits: Limits, calendars: CalendarOf, today: date) -> dict[str, Any]:
    """An objection and its clock; without the statement. One that an organ sent has no address here."""
    runs = clock(found, limits, calendars)
    mark = found.id.partition(".")[0]
    return {
        "objection_id": Named(subject_id, mark).objection_id if found.source == SOURCE else None,
        "source": found.source,
        "id": found.id,
        "subject_id": subject_id,
        "about": found.about,
        "number": found.number,
        "region": found.region,
        "filed_on": found.filed_on.isoformat(),
        "marked_at": found.marked_at,
        "mark_by": runs.mark_by and runs.mark_by.isoformat(),
        "marked_late": runs.marked_late(found),
        "decide_by": runs.decide_by and runs.decide_by.isoformat(),
        "missing_calendar": runs.missing_calendar,
        "overdue": runs.overdue(found, today),
        "state": "decided" if found.decided_on else "open",
        "decided_on": found.decided_on and found.decided_on.isoformat(),
        "outcome": found.outcome,
    }
