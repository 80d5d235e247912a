"""What the HTTP door answers of events, as values of JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.ingest.checking import MOST_FAULTS
from services.ingest.doubts import Doubt
from services.ingest.intake import Accepted, topic_of
from shared.events.envelope import Event, Fault, pointer
from shared.web.problems import OUT_OF_BOUNDS, ProblemError


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
    """403: some of the events are not the sender's to send; in a batch pointers begin by index."""
    errors = [
        Fault((pointer(place) if batch else "") + fault.pointer, fault.message)
        for place, faults in found.items()
        for fault in faults
    ]
    detail = "No event was accepted; the errors say what is not this key's to send."
    return ProblemError(OUT_OF_BOUNDS, detail, errors=errors[:MOST_FAULTS])


def _named(place: int, event: Event) -> dict[str, Any]:
    return {"index": place, "source": event.source, "id": event.id, "subject": event.subject}
