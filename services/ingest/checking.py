"""All events of a request through the one check of every door; one fault keeps them all out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.events.door import Refused, admit
from shared.events.envelope import Event, Fault, pointer

MOST_FAULTS = 1000
"""Faults told of one request; a batch that has more is wrong throughout."""


def check_all(
    events: Mapping[int, Event], now: datetime, *, batch: bool, faults_before: Sequence[Fault] = ()
) -> list[Event]:
    """The events, by their place, as they go on the log.

    Raises `Refused` with the faults of all, those found before too; in a batch pointers begin by index.
    """
    admitted: list[Event] = []
    faults = list(faults_before)
    for index, event in events.items():
        try:
            admitted.append(admit(event, now))
        except Refused as refused:
            at = pointer(index) if batch else ""
            faults += [Fault(at + fault.pointer, fault.message) for fault in refused.faults]
    if faults:
        raise Refused(*sorted(faults, key=_place if batch else lambda _: 0)[:MOST_FAULTS])
    return admitted


def _place(fault: Fault) -> int:
    """Which event of the batch it is a fault of."""
    return int(fault.pointer.split("/")[1])
