"""Entries of subjects in the register, made by whoever keeps it: the same entry again writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from services.ingest.intake import append
from services.ingest.kept import Kept, refusals
from services.ingest.register.entries import EntriesOf
from services.ingest.tracing.tracer import Behind, Tracer
from shared.credit.facts import Fact, order_of, standing
from shared.eventlog.port import Appender, LogUnavailable, UnknownTopic
from shared.events.envelope import Event
from shared.events.superseding import Before, id_after, time_after
from shared.events.types.subject_upserted import SUBJECT_UPSERTED
from shared.store.claims import Taken, alone
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.bounds import Bounds
from shared.web.entering import entry
from shared.web.problems import unavailable

SOURCE = "urn:chengxin:register"
READABLE_SECONDS = 10.0


class Put(NamedTuple):
    """What stands by now; `readable` says whether everybody reads it."""

    data: Mapping[str, Any]
    readable: bool


class Registrar:
    """Writes entries. Threads may share it."""

    def __init__(
        self,
        entries_of: EntriesOf,
        kept: Kept,
        appender: Appender,
        prefix: str,
        tracer: Tracer,
        clock: Callable[[], datetime],
    ) -> None:
        self._entries_of, self._kept, self._appender, self._prefix = entries_of, kept, appender, prefix
        self._tracer, self._clock = tracer, clock

    def put(self, subject_id: str, data: Mapping[str, Any], bounds: Bounds) -> Put:
        """Have an entry say this, and wait until it can be read. Raises `ProblemError`.

        What stands must lie within the bounds too: nobody takes a subject away from another region.
        """
        before = self._before(subject_id)
        bounds.refuse_region(data.get("region"))
        if before:
            bounds.refuse_region(before.data["region"])
        followed = before and Before(before.source, before.id, before.time)
        now = self._clock()
        event = Event(
            id_after(followed, data), SOURCE, SUBJECT_UPSERTED, subject_id, time_after(followed, now), dict(data)
        )
        event = entry(event, now)
        if before and before.data == event.data:
            return Put(before.data, self._state(before) == "applied")
        with suppress(Taken), refusals(), alone(self._kept.claims, f"register:{subject_id}:{event.id}"):
            append(self._appender, [event], self._prefix)
            return Put(event.data, self._state(event) == "applied")
        if not (state := self._state(event)):  # the same was sent twice at once
            raise unavailable("The same entry is being written just now. Send it again.", retry_after=2)
        return Put(event.data, state == "applied")

    def _before(self, subject_id: str) -> Fact | None:
        """The entry that stands: the latest time, ties to the greater id and source (SCORING.md section 1)."""
        with refusals():
            coming = [fact for fact in self._kept.coming(subject_id) if fact.type == SUBJECT_UPSERTED]
            entries = standing([*coming, *self._entries_of(subject_id)])[0]
        return max(entries, key=lambda fact: (order_of(fact.time), fact.rank), default=None)

    def _state(self, event: Event | Fact) -> str:
        """What has become of an entry; empty where nobody knows."""
        with suppress(StoreUnavailable, Rebuilding, LogUnavailable, UnknownTopic, Behind):
            found = self._tracer.trace(event.subject, event.source, event.id, READABLE_SECONDS)
            return found.trace.state if found else ""
        return ""
