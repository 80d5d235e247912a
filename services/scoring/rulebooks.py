"""The rulebooks that are shipped or given come onto the log, each (id, version) once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from shared.eventlog.port import Log
from shared.projection.publishing import publish, published
from shared.rulebooks.loader import load_bytes


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
