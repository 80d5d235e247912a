"""An event: CloudEvents 1.0 attributes around the data (DESIGN.md section 4, envelope)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

SPECVERSION = "1.0"
CONTENT_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `time` is RFC 3339 with an offset, as it was written; what the log adds (append time) is not here."""

    id: str
    source: str
    type: str
    subject: str
    time: str
    data: dict[str, Any]
    extensions: dict[str, str] = field(default_factory=dict)
    dataschema: str | None = None

    def attributes(self) -> dict[str, str]:
        """All attributes as texts, `specversion` first; `datacontenttype` is left to the binding."""
        named = {
            "specversion": SPECVERSION,
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": self.time,
        }
        if self.dataschema is not None:
            named["dataschema"] = self.dataschema
        return named | self.extensions


class Fault(NamedTuple):
    """One fault: a JSON Pointer (RFC 6901) into the event, and a sentence on what is wrong and what would be right."""

    pointer: str
    message: str


def pointer(*parts: str | int) -> str:
    """An RFC 6901 pointer: `~` and `/` inside a part are escaped."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


class BadEnvelope(ValueError):
    """What came is no CloudEvent as we take them; `faults` has all that is wrong, the first is the exception's own."""

    def __init__(self, pointer: str, message: str, *others: Fault) -> None:
        super().__init__(f"{pointer or 'the event'} {message}")
        self.pointer = pointer
        self.message = message
        self.faults: tuple[Fault, ...] = (Fault(pointer, message), *others)


class BadAttributes(BadEnvelope):
    """Attributes that make no event; type and data are kept as they came, so that the data's faults can be told too."""

    def __init__(self, faults: Sequence[Fault], type_: object, data: object) -> None:
        super().__init__(*faults[0], *faults[1:])
        self.type, self.data = type_, data


class BadBatch(BadEnvelope):
    """Some of a batch are no CloudEvents: `refused` by index. `events` are the others: their faults are told too."""

    def __init__(self, events: Mapping[int, Event], refused: Mapping[int, BadEnvelope]) -> None:
        first, *rest = [
            Fault(pointer(index) + fault.pointer, fault.message)
            for index, bad in refused.items()
            for fault in bad.faults
        ]
        super().__init__(*first, *rest)
        self.events, self.refused = events, refused


class NotJson(BadEnvelope):
    """The bytes are no JSON in UTF-8 (HTTP: 400)."""


class TooMuch(BadEnvelope):
    """More bytes or more events than are taken at once (HTTP: 413)."""


class UnknownMediaType(BadEnvelope):
    """The content type is none of those that carry events (HTTP: 415)."""
