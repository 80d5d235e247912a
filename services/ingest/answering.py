"""What the HTTP door answers of events, as values of JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.ingest.checking import MOST_FAULTS
from services.ingest.doubt import Doubt
from services.ingest.intake import Accepted, topic_of
from services.ingest.jurisdiction import BY_AUTHOR, NOT_SEEN
from shared.events.envelope import Event, Fault, pointer
from shared.web.problems import INVALID, OUT_OF_BOUNDS, Kind, ProblemError

NAMED_NOT_SEEN = Kind("named-not-seen", 409, "What an event names is not known by now")


def shown(item: Accepted, doubts: Sequence[Doubt]) -> dict[str, Any]:
    """An event that is on the log."""
    return {
        **_named(item.position, item.event),
        "topic": item.place.topic,
        "partition": item.place.partition,
        "offset": item.place.offset,
        "recorded_at": item.recorded_at,
        "warnings": [doubt._asdict() for doubt in doubts],
    }


def judged(place: int, event: Event, doubts: Sequence[Doubt], prefix: str) -> dict[str, Any]:
    """An event that would be accepted."""
    return {
        **_named(place, event),
        "topic": topic_of(event, prefix),
        "warnings": [doubt._asdict() for doubt in doubts],
    }


def beyond(found: Mapping[int, Sequence[Fault]], *, batch: bool) -> ProblemError:
    """Some of the events are not the sender's to send; in a batch pointers begin by index.

    403 where anything lies beyond his bounds, since that takes another key; else 422, or 409 for what may come yet.
    """
    errors = [
        Fault((pointer(place) if batch else "") + fault.pointer, fault.message)
        for place, faults in found.items()
        for fault in faults
    ]
    said = {fault.message for fault in errors}
    kind = OUT_OF_BOUNDS if said - {NOT_SEEN, BY_AUTHOR} else INVALID if BY_AUTHOR in said else NAMED_NOT_SEEN
    detail = "No event was accepted; the errors say what is not this key's to send, or not yet."
    return ProblemError(kind, detail, errors=errors[:MOST_FAULTS])


def _named(place: int, event: Event) -> dict[str, Any]:
    return {"index": place, "source": event.source, "id": event.id, "subject": event.subject}
