"""Content types, for HTTP and Kafka alike."""

from __future__ import annotations

from email.message import Message

from shared.events.envelope import CONTENT_TYPE, UnknownMediaType

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
TAKEN = (STRUCTURED, BATCH, CONTENT_TYPE)


def media_type(value: str | None, *taken: str) -> str:
    """The media type in lower case, without parameters. Raises `UnknownMediaType` if it is not taken, or not UTF-8."""
    message = Message()
    message["content-type"] = value or ""
    kind = message.get_content_type() if value else ""
    if kind not in taken:
        raise UnknownMediaType("/datacontenttype", f"must be sent as {' or '.join(taken)}")
    if str(message.get_param("charset", "utf-8")).lower() != "utf-8":
        raise UnknownMediaType("/datacontenttype", "must be sent in UTF-8")
    return kind
