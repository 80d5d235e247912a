"""Assignments as an iCalendar (RFC 5545), which an inspector's own calendar reads again and again. Pure.

An assignment keeps its UID whatever comes; one that is replaced is sent again, as cancelled. Nobody else is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from services.draws.people.assignments import Assignment

_HOST = "draws.chengxin"


def calendar(assignments: Iterable[Assignment]) -> bytes:
    """The calendar of assignments, each as an event of whole days."""
    found = Calendar()
    found.add("prodid", "-//Chengxin//Draws//ZH")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    for each in assignments:
        found.add_component(_event(each))
    content: bytes = found.to_ical()
    return content


def _event(assignment: Assignment) -> Event:
    draw, seat = assignment.draw, assignment.seat
    plan = draw.plan.document
    window = plan["window"]
    identity = f"{draw.draw_id}\n{seat.subject_id}\n{assignment.inspector_id}"
    event = Event()
    event.add("uid", f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}@{_HOST}")
    assert draw.committed is not None
    event.add("dtstamp", datetime.fromisoformat(draw.committed.at))
    event.add("dtstart", date.fromisoformat(window["from"]))
    event.add("dtend", date.fromisoformat(window["until"]) + timedelta(days=1))  # the day after the last
    where, what = assignment.address, assignment.case.id if assignment.case else seat.subject_id
    event.add("summary", f"抽查 {where.name if where else what}")
    if where and where.address:
        event.add("location", where.address)
    event.add(
        "description",
        "\n".join([plan["title"], what, *(f"{each['code']} {each['name']}" for each in plan["items"])]),
    )
    event.add("status", "CONFIRMED" if seat.stands else "CANCELLED")
    event.add("sequence", 0 if seat.stands else 1)
    event.add("transp", "TRANSPARENT")
    return event
