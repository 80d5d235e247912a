"""Putting rulebooks on the log, each (id, version) once: an event each, the document whole and unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from shared.credit.rulebook import Rulebook, Rulebooks
from shared.eventlog.port import Log, LogUnavailable, Message
from shared.events.envelope import Event
from shared.events.kafka_codec import encode
from shared.events.types.rulebook_published import RULEBOOK_PUBLISHED
from shared.projection.rulebooks import PublishedRulebooks
from shared.rulebooks.loader import load_bytes


def published(log: Log, topic: str) -> Rulebooks:
    """All versions on the log by now. Raises `LogUnavailable` and `UnknownTopic`."""
    reader = PublishedRulebooks(log, topic)
    try:
        return reader.refresh()
    finally:
        reader.close()


def publish(log: Log, topic: str, documents: Iterable[tuple[Rulebook, bytes]], *, source: str, now: datetime) -> None:
    """Append rulebooks with the bytes that they were read from, by id and version; no rule is asked here.

    Raises `LogUnavailable`: nothing may be appended then, some or all; doing it again is harmless.
    """
    ordered = sorted(documents, key=lambda item: (item[0].id, item[0].version))
    messages = [message_of(topic, book, content, source, now) for book, content in ordered]
    appender = log.appender()
    try:
        failures = [answer for answer in appender.append(messages) if isinstance(answer, LogUnavailable)]
    finally:
        appender.close()
    if failures:
        raise failures[0]


def publish_missing(
    log: Log, topic: str, documents: Iterable[tuple[str, bytes]], *, source: str, now: Callable[[], datetime]
) -> list[str]:
    """Publish the documents (file name and bytes) that are not on the log yet; the answer names them.

    Raises `RulebookError` before anything is published where one is no rulebook, and `LogUnavailable`.
    """
    books = [(load_bytes(content, name), content) for name, content in documents]
    known = published(log, topic).books
    missing = [(book, content) for book, content in books if (book.id, book.version) not in known]
    if missing:
        publish(log, topic, missing, source=source, now=now())
    return [f"{book.id} v{book.version}" for book, _ in missing]


def message_of(topic: str, book: Rulebook, content: bytes, source: str, now: datetime) -> Message:
    """The record of a rulebook with the bytes that it was read from."""
    event = Event(
        id=f"{book.id}-v{book.version}",
        source=source,
        type=RULEBOOK_PUBLISHED,
        subject=f"rulebook:{book.id}",
        time=now.isoformat(timespec="milliseconds"),
        data={"id": book.id, "version": book.version, "sha256": book.sha256, "document": content.decode()},
    )
    headers, value = encode(event)
    return Message(topic, event.subject.encode(), value, headers, partition=0)
