"""Entries of subjects in the register, made by whoever keeps it: the same entry again writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.ingest.intake import append
from services.ingest.register.entries import EntriesOf
from services.ingest.tracing.tracer import Behind, Tracer
from shared.credit.facts import Fact, order_of, standing
from shared.eventlog.port import Appender, LogUnavailable, UnknownTopic
from shared.events.envelope import Event
from shared.events.superseding import Before, id_after, time_after
from shared.events.types.subject_upserted import SUBJECT_UPSERTED
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.applied import rebuilding
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
        self, entries_of: EntriesOf, appender: Appender, prefix: str, tracer: Tracer, clock: Callable[[], datetime]
    ) -> None:
        self._entries_of, self._appender, self._prefix = entries_of, appender, prefix
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
            return Put(before.data, readable=True)
        try:
            append(self._appender, [event], self._prefix)
        except LogUnavailable:
            raise unavailable("The log does not take entries now. Send it again later.") from None
        return Put(event.data, self._readable(event))

    def _before(self, subject_id: str) -> Fact | None:
        """The entry that stands: the latest time, ties to the greater id and source (SCORING.md section 1)."""
        try:
            entries = standing(self._entries_of(subject_id))[0]
        except StoreUnavailable:
            raise unavailable(
                "The store does not answer, so nobody knows what the entry says. Send it later."
            ) from None
        except Rebuilding as error:
            raise rebuilding(error.behind) from None
        return max(entries, key=lambda fact: (order_of(fact.time), fact.rank), default=None)

    def _readable(self, event: Event) -> bool:
        try:
            found = self._tracer.trace(event.subject, event.source, event.id, READABLE_SECONDS)
        except (StoreUnavailable, Rebuilding, LogUnavailable, UnknownTopic, Behind):
            return False
        return found is not None and found.trace.state == "applied"
