"""All events of a request through the one check of every door; one fault keeps them all out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shared.events.door import Refused, admit
from shared.events.envelope import Event, Fault, pointer

MOST_FAULTS = 1000
"""Faults told of one request; a batch that has more is wrong throughout."""


def check_all(events: Sequence[Event], now: datetime, *, batch: bool) -> list[Event]:
    """The events as they go on the log. Raises `Refused` with the faults of all; in a batch pointers begin by index."""
    admitted: list[Event] = []
    faults: list[Fault] = []
    for index, event in enumerate(events):
        try:
            admitted.append(admit(event, now))
        except Refused as refused:
            at = pointer(index) if batch else ""
            faults += [Fault(at + fault.pointer, fault.message) for fault in refused.faults]
    if faults:
        raise Refused(*faults[:MOST_FAULTS])
    return admitted
