"""Entries of registers that come as the body of a request: the door's own check, told by pointers into that body."""

from __future__ import annotations

from datetime import datetime

from shared.events.door import Refused, normal
from shared.events.envelope import Event, Fault
from shared.web.problems import INVALID, ProblemError


def entry(event: Event, now: datetime) -> Event:
    """The event as it goes on the log. Raises `ProblemError` with every fault of its data."""
    try:
        return normal(event, now)
    except Refused as refused:
        faults = [Fault(fault.pointer.removeprefix("/data"), fault.message) for fault in refused.faults]
        raise ProblemError(INVALID, "The errors say what would be right.", errors=faults) from None
