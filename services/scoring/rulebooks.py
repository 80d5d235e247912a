"""Publishing rulebooks: an event on the log, whole and unchanged, once for each (id, version)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime

from shared.eventlog.port import Log, LogUnavailable, Message
from shared.events.envelope import Event
from shared.events.kafka_codec import encode
from shared.projection.rulebooks import PublishedRulebooks
from shared.rulebooks.loader import load_bytes

RULEBOOK_PUBLISHED = "cn.chengxin.rulebook.published.v1"


def publish_missing(
    log: Log, topic: str, documents: Iterable[tuple[str, bytes]], *, source: str, now: Callable[[], datetime]
) -> list[str]:
    """Publish the documents (file name and bytes) that are not on the log yet; the answer names them.

    Raises `RulebookError` before anything is published where one is no rulebook, and `LogUnavailable`.
    """
    books = [(load_bytes(content, name), content) for name, content in documents]
    published = PublishedRulebooks(log, topic)
    try:
        known = published.refresh().books
    finally:
        published.close()
    missing = [(book, content) for book, content in books if (book.id, book.version) not in known]
    messages = []
    for book, content in sorted(missing, key=lambda item: (item[0].id, item[0].version)):
        sha256 = hashlib.sha256(content).hexdigest()
        data = {"id": book.id, "version": book.version, "sha256": sha256, "document": content.decode()}
        event = Event(
            id=f"{book.id}-v{book.version}",
            source=source,
            type=RULEBOOK_PUBLISHED,
            subject=f"rulebook:{book.id}",
            time=now().isoformat(timespec="milliseconds"),
            data=data,
        )
        headers, value = encode(event)
        messages.append(Message(topic, event.subject.encode(), value, headers, partition=0))
    appender = log.appender()
    try:
        failures = [answer for answer in appender.append(messages) if isinstance(answer, LogUnavailable)]
    finally:
        appender.close()
    if failures:
        raise failures[0]
    return [f"{book.id} v{book.version}" for book, _ in missing]
