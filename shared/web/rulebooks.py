"""The published rulebooks, followed by the web processes that judge by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shared.credit.rulebook import Rulebooks
from shared.eventlog.port import Log
from shared.projection.rulebooks import Publication, PublishedRulebooks
from shared.web.background import FIRST_READ, Repeated

KnownRulebooks = Callable[[], Rulebooks | None]
"""The published rulebooks; None until they were read once."""
Publications = Mapping[tuple[str, int], Publication]
"""By id and version."""


def follow_rulebooks(log: Log, topic: str) -> tuple[KnownRulebooks, Callable[[], Publications | None]]:
    """Follow the topic in a thread; what was read serves on when the log is down."""
    published = PublishedRulebooks(log, topic)
    read: list[Rulebooks] = []

    def refresh() -> None:
        read[:] = [published.refresh()]

    Repeated("rulebooks", refresh).start(patience=FIRST_READ)
    return lambda: read[0] if read else None, lambda: published.publications if read else None
