"""Events as HTTP messages in all three modes (CloudEvents 1.0, HTTP protocol binding)."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from urllib.parse import quote, unquote

import orjson

from shared.events.attributes import event_of
from shared.events.envelope import CONTENT_TYPE, BadEnvelope, Event, UnknownMediaType, pointer
from shared.events.json_codec import MOST_EVENTS, from_document, from_documents, parse
from shared.events.media import BATCH, STRUCTURED, TAKEN, media_type

PREFIX = "ce-"

_NOT_ESCAPED = "".join(set(string.printable) - set(string.whitespace) - set('"%'))
_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_PRINTABLE = re.compile("[ -~]*")


def encode(event: Event) -> tuple[dict[str, str], bytes]:
    """Binary mode: headers, their values percent-encoded, and the data."""
    headers = {PREFIX + name: quote(value, _NOT_ESCAPED) for name, value in event.attributes().items()}
    return {**headers, "content-type": CONTENT_TYPE}, orjson.dumps(event.data)


def decode(headers: Iterable[tuple[str, str]], body: bytes, most: int = MOST_EVENTS) -> list[Event]:
    """The events of a request: one in structured or binary mode, at most so many in batch mode.

    Raises `BadEnvelope` with every fault, or one of its kinds. In a batch the pointers begin with the index.
    """
    pairs = [(name.lower(), value) for name, value in headers]
    in_headers = any(name.startswith(PREFIX) for name, _ in pairs)
    taken = TAKEN if in_headers else TAKEN[:-1]  # bare JSON says nothing of the event that it is the data of
    kind = media_type(next((value for name, value in pairs if name == "content-type"), None), *taken)
    if kind == BATCH:
        return from_documents(parse(body), most)
    if kind == STRUCTURED:
        return [from_document(parse(body))]
    attributes: dict[str, str] = {}
    for header, value in pairs:
        name = header.removeprefix(PREFIX)
        if name == header:
            continue
        if name in attributes:
            raise BadEnvelope(pointer(name), f"must be said once; the header {header} stands twice")
        if name == "datacontenttype":
            raise BadEnvelope(pointer(name), "must be said by the header Content-Type alone")
        attributes[name] = _unescaped(name, value)
    if not attributes:
        raise UnknownMediaType("", f"must be sent as {STRUCTURED} or {BATCH}, or with its attributes in ce- headers")
    return [event_of(attributes, parse(body, "/data"))]


def _unescaped(name: str, value: str) -> str:
    """A header's value: unquoted, then percent-decoded once (section 3.1.3.2 of the binding)."""
    if not _PRINTABLE.fullmatch(value):
        raise BadEnvelope(pointer(name), "must be percent-encoded UTF-8 where it is not ASCII, such as %E6%A1%88")
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    if _BAD_ESCAPE.search(value):
        raise BadEnvelope(pointer(name), "must have % only before two hexadecimal digits; % itself is written %25")
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise BadEnvelope(pointer(name), "must be percent-encoded UTF-8") from None
