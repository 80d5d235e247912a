"""Events as JSON: CloudEvents' structured and batch modes (CloudEvents 1.0, JSON event format)."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from typing import Any

import orjson

from shared.events.attributes import event_of
from shared.events.envelope import CONTENT_TYPE, BadBatch, BadEnvelope, Event, NotJson, TooMuch

MOST_EVENTS = 1000
"""Events of one batch."""


def to_document(event: Event) -> dict[str, Any]:
    """The event as a JSON object."""
    return {**event.attributes(), "datacontenttype": CONTENT_TYPE, "data": event.data}


def from_document(document: Any) -> Event:
    """The event that a JSON object holds. Raises `BadEnvelope` with every fault."""
    if not isinstance(document, dict):
        raise BadEnvelope("", "must be an object: one CloudEvent")
    if "data_base64" in document:
        raise BadEnvelope("/data_base64", "is not taken here; send the data as an object in `data`")
    attributes = {name: value for name, value in document.items() if name != "data"}
    return event_of(attributes, document.get("data"))


def from_documents(documents: Any, most: int = MOST_EVENTS) -> list[Event]:
    """The events of a batch of at most so many. Raises `BadBatch` with the faults of all, pointers by index."""
    if not isinstance(documents, list):
        raise BadEnvelope("", "must be a list of CloudEvents")
    if len(documents) > most:
        raise TooMuch("", f"must hold at most {most} events, not {len(documents)}")
    events: dict[int, Event] = {}
    refused: dict[int, BadEnvelope] = {}
    for index, document in enumerate(documents):
        try:
            events[index] = from_document(document)
        except BadEnvelope as bad:
            refused[index] = bad
    if refused:
        raise BadBatch(events, refused)
    return list(events.values())


def encode(event: Event) -> bytes:
    """Structured mode, as UTF-8."""
    return orjson.dumps(to_document(event))


def parse(body: bytes, at: str = "") -> Any:
    """What a JSON text holds. Raises `NotJson` with the place of the fault, or the name that stands twice."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        if body.startswith(BOM_UTF8):
            where += "; leave the byte order mark at its beginning out"
        raise NotJson(at, f"must be JSON in UTF-8 and not nested too deeply, and is not at {where}") from None
    refuse_repeated_names(body, at)
    return value


def refuse_repeated_names(body: bytes, at: str = "") -> None:
    """Raises `NotJson` where an object has a name twice: readers differ in which of the two they take (RFC 8259,
    section 4), so nobody could say later what was meant. Only for what orjson has read.
    """

    def once(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            name = next(name for name in names if names.count(name) > 1)
            raise NotJson(at, f"must have each name once in an object; {name[:100]!r} stands twice")

    try:
        json.loads(body, object_pairs_hook=once)
    except RecursionError:
        raise NotJson(at, "must be JSON that is not nested too deeply") from None
