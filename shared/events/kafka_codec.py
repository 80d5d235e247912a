"""Events as Kafka records: binary mode on the log, binary or structured from outside (CloudEvents 1.0, Kafka binding).

The log's own records have one form, that of `encode`, so `decode` has a short way for just that form; whatever is not
exactly so goes the long way, which also knows what to say of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from shared.events.attributes import ENVELOPE, event_of
from shared.events.envelope import CONTENT_TYPE, BadEnvelope, Event, pointer
from shared.events.json_codec import from_document, parse
from shared.events.media import STRUCTURED, media_type

PREFIX = "ce_"

Headers = tuple[tuple[str, bytes], ...]

_OURS = ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "content-type"]
_CONTENT_TYPE = CONTENT_TYPE.encode()


def encode(event: Event) -> tuple[Headers, bytes]:
    """Binary mode: headers and value. The key is the caller's: the subject."""
    attributes = [(PREFIX + name, value.encode()) for name, value in event.attributes().items()]
    headers = (*attributes[:6], ("content-type", _CONTENT_TYPE), *attributes[6:])
    return headers, orjson.dumps(event.data)


def decode(headers: Sequence[tuple[str, bytes | None]], value: bytes | None) -> Event:
    """The event of a record. Raises `BadEnvelope` with every fault, or one of its kinds."""
    if [name for name, _ in headers] == _OURS and value is not None:
        event = _decode_ours([raw or b"" for _, raw in headers], value)
        if event is not None:
            return event
    return _decode_any(headers, value)


def _decode_ours(raw: list[bytes], value: bytes) -> Event | None:
    """The short way; None where anything is unusual."""
    try:
        version, id_, source, type_, subject, time = [each.decode() for each in raw[:6]]
        data = orjson.loads(value)
    except ValueError:
        return None
    attributes = {
        "specversion": version,
        "id": id_,
        "source": source,
        "type": type_,
        "subject": subject,
        "time": time,
    }
    if raw[6] != _CONTENT_TYPE or type(data) is not dict or not ENVELOPE.strict.is_valid(attributes):
        return None
    return Event(id_, source, type_, subject, time, data)


def _decode_any(headers: Sequence[tuple[str, bytes | None]], value: bytes | None) -> Event:
    """The long way: either mode, attributes in any order, extensions."""
    attributes: dict[str, str] = {}
    content_type: str | None = None
    for name, raw in headers:
        header = name.lower()
        attribute = header.removeprefix(PREFIX)
        if header == "content-type":
            if content_type is not None:
                raise BadEnvelope("/datacontenttype", "must be said once; the header content-type stands twice")
            content_type = _text("datacontenttype", raw)
        elif attribute != header:
            if attribute in attributes:
                raise BadEnvelope(pointer(attribute), f"must be said once; the header {header} stands twice")
            if attribute == "datacontenttype":
                raise BadEnvelope("/datacontenttype", "must be said by the header content-type alone")
            attributes[attribute] = _text(attribute, raw)
    if value is None:
        raise BadEnvelope("/data", "is required; this record has no value")
    if content_type is not None and media_type(content_type, STRUCTURED, CONTENT_TYPE) == STRUCTURED:
        return from_document(parse(value))
    if not attributes:
        raise BadEnvelope("", f"must have its attributes in ce_ headers, or the header content-type {STRUCTURED}")
    return event_of(attributes, parse(value, "/data"))


def _text(attribute: str, raw: bytes | None) -> str:
    try:
        return (raw or b"").decode()
    except UnicodeDecodeError:
        raise BadEnvelope(pointer(attribute), "must be UTF-8") from None
