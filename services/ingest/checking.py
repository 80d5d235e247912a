"""All events of a request through the one check of every door; one fault keeps them all out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shared.events.door import Refused, admit, faults_of
from shared.events.envelope import BadEnvelope, Event, Fault, pointer

MOST_FAULTS = 1000
"""Faults told of one request; a batch that has more is wrong throughout."""


def check_all(came: Mapping[int, Event | BadEnvelope], now: datetime, *, batch: bool) -> list[Event]:
    """The events, by their place, as they go on the log.

    Raises `Refused` with the faults of all, of what is no event too; in a batch pointers begin by index.
    """
    admitted: list[Event] = []
    faults: list[Fault] = []
    for index, each in sorted(came.items()):
        try:
            admitted.append(_admitted(each, now))
        except Refused as refused:
            at = pointer(index) if batch else ""
            faults += [Fault(at + fault.pointer, fault.message) for fault in refused.faults]
    if faults:
        raise Refused(*faults[:MOST_FAULTS])
    return admitted


def _admitted(came: Event | BadEnvelope, now: datetime) -> Event:
    if isinstance(came, BadEnvelope):
        raise Refused(*faults_of(came, now))
    return admit(came, now)
