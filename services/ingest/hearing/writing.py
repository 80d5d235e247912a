"""Writes what is filed and decided, and waits until everybody reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from services.ingest.intake import append
from services.ingest.kept import refusals
from services.ingest.tracing.tracer import Behind, Tracer
from shared.credit.facts import Fact
from shared.eventlog.port import Appender, LogUnavailable, UnknownTopic
from shared.events.envelope import Event
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.entering import entry
from shared.web.problems import unavailable

READABLE_SECONDS = 10.0


class Writing:
    """Writes on a log. Threads may share it."""

    def __init__(self, appender: Appender, prefix: str, tracer: Tracer, clock: Callable[[], datetime]) -> None:
        self._appender, self._prefix, self._tracer, self._clock = appender, prefix, tracer, clock

    def __call__(self, events: Sequence[Event]) -> list[Fact]:
        """Append events of one subject, and give them as facts. Raises `ProblemError`."""
        now = self._clock()
        checked = [entry(event, now) for event in events]
        with refusals():
            outcome = append(self._appender, checked, self._prefix)
        if outcome.missing:
            raise unavailable("The log failed in the middle. Look at what is filed before sending it again.")
        last = checked[-1]
        with suppress(StoreUnavailable, Rebuilding, LogUnavailable, UnknownTopic, Behind):
            # It is on the log; without this only the moment when everybody reads it is not known.
            self._tracer.trace(last.subject, last.source, last.id, READABLE_SECONDS)
        return [_fact(each.event, each.recorded_at) for each in outcome.accepted]


def _fact(event: Event, recorded_at: datetime) -> Fact:
    return Fact(event.source, event.id, event.type, event.subject, event.time, event.data, recorded_at.astimezone(UTC))
