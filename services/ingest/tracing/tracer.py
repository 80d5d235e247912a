"""Looks up what became of an event: in its subject's ledger, behind it on the log, and in the dead letters."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import NamedTuple

from services.ingest.statements import Statements, pick_of
from services.ingest.tracing.trace import Trace, applied, dead
from shared.credit.dossiers import kind_of
from shared.credit.facts import Fact
from shared.desk.letters import Letter, Place
from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import Log, Record, TopicPartition
from shared.eventlog.topics import SUBJECT_TOPICS
from shared.events.envelope import BadEnvelope, Event
from shared.events.kafka_codec import decode
from shared.registry.kinds import KINDS
from shared.store.filled import Filled, believed
from shared.store.keys import field_of
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping
from shared.web.rulebooks import KnownRulebooks

_AGAIN_SECONDS, _SELDOM_SECONDS = 0.1, 1.0
"""Between two looks: into the ledger, and at the log, which costs it something."""
_LOOK_SECONDS = 3.0
"""For how long one look reads what the worker has not come to: where that is more, the workers are far behind."""
_MOST = 2_000
_POLL_SECONDS = 0.5


class Behind(Exception):
    """There is more on the log than one look reads: whether the event is among it nobody can say yet."""


class Found(NamedTuple):
    """What became of an event, and where it is: its own region, that of what it names, or its subject's."""

    trace: Trace
    region: str | None


class Tracer:
    """Answers out of the store and the log.

    Raises `StoreUnavailable`, `Rebuilding`, `LogUnavailable`, `Behind`, and what `letters` does.
    """

    def __init__(
        self,
        ledgers: Ledgers,
        books: Bookkeeping,
        filled: Filled,
        log: Log,
        letters: Callable[[], Collection[Letter]],
        rulebooks: KnownRulebooks,
        prefix: str,
        partitions: int,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """`letters` gives the dead letters; it raises `LogUnavailable`, `UnknownTopic` and `TooManyLetters`."""
        self._ledgers, self._books, self._filled, self._log = ledgers, books, filled, log
        self._letters, self._rulebooks, self._prefix, self._partitions = letters, rulebooks, prefix, partitions
        self._seconds = seconds

    def trace(self, subject_id: str, source: str, id_: str, wait: float) -> Found | None:
        """What became of an event; None where neither the store nor the log knows it.

        While it is unknown or waiting it is looked up again, for so many seconds.
        """
        begin = self._seconds()
        looked = -_SELDOM_SECONDS
        found = None
        while True:
            passed = self._seconds() - begin
            [progress] = self._books.progress(
                [bucket_of(subject_id)]
            )  # first: what is behind it is looked for after it
            trace, region = self._applied(subject_id, source, id_)
            if trace is None and (passed - looked >= _SELDOM_SECONDS or passed >= wait):
                looked = passed
                trace = self._on_the_log(subject_id, progress.positions, source, id_)
            if trace is not None:
                found = Found(trace, region or self._registered(subject_id))
            if (found and found.trace.state != "waiting") or passed >= wait:
                return found
            time.sleep(_AGAIN_SECONDS)

    def _applied(self, subject_id: str, source: str, id_: str) -> tuple[Trace | None, str | None]:
        copies = believed(lambda: self._copies(subject_id, source, id_))
        rulebooks, kind = self._rulebooks(), kind_of(subject_id)
        trace = applied(copies, rulebooks.of(kind) if rulebooks and kind in KINDS else None)
        return trace, self._region(subject_id, copies)

    def _region(self, subject_id: str, copies: Sequence[Fact]) -> str | None:
        """The event's own, else that of the case, inspection or fact that it names (DESIGN.md section 5)."""
        if not copies:
            return None
        if "region" in copies[0].data:
            return str(copies[0].data["region"])
        named = self._ledgers.picked({subject_id: pick_of(copies)})[subject_id] or ()
        spoken_of = Statements(named).spoken_of(copies[0])
        return next((str(each.data["region"]) for each in spoken_of if "region" in each.data), None)

    def coming(self, subject_id: str) -> list[Fact]:
        """A subject's events that are on the log, and that the worker has not come to: as the facts that they become.

        Ask before its facts are read: what was applied meanwhile is among these, and else would be nowhere.
        """
        [progress] = self._books.progress([bucket_of(subject_id)])
        with closing(self._behind(subject_id, progress.positions)) as found:
            return [_fact(event, record) for event, record in found]

    def _on_the_log(self, subject_id: str, positions: Mapping[str, int], source: str, id_: str) -> Trace | None:
        with closing(self._behind(subject_id, positions)) as found:
            for event, record in found:
                if (event.source, event.id) == (source, id_):
                    place = Place(record.topic, record.partition, record.offset)
                    return Trace("waiting", _recorded(record), place, "scoring")
        return dead(self._letters(), subject_id, source, id_)

    def _copies(self, subject_id: str, source: str, id_: str) -> list[Fact]:
        found = self._ledgers.copies(subject_id, source, id_)
        self._filled.refuse_unfilled([bucket_of(subject_id)])
        return found

    def _registered(self, subject_id: str) -> str | None:
        summary = self._ledgers.read(subject_id)[1]
        return ((summary or {}).get("registration") or {}).get("region")

    def _behind(self, subject_id: str, positions: Mapping[str, int]) -> Generator[tuple[Event, Record], None, None]:
        """The events of a subject that the worker has not come to."""
        partition = bucket_of(subject_id) % self._partitions
        places = [TopicPartition(self._prefix + name, partition) for name in SUBJECT_TOPICS]
        reader = self._log.assign(places, glance=True)
        try:
            ends, first = reader.end_offsets(places), reader.beginning_offsets(places)
            for at in places:
                reader.seek(at, min(ends[at], max(first[at], positions.get(field_of(at), 0))))
            until = self._seconds() + _LOOK_SECONDS
            while any(reader.position(at) < end for at, end in ends.items()):
                for record in reader.poll(timeout=_POLL_SECONDS, most=_MOST):
                    if record.key == subject_id.encode() and (event := _event(record)) is not None:
                        yield event, record
                if self._seconds() > until:
                    raise Behind
        finally:
            reader.close()


def _event(record: Record) -> Event | None:
    with suppress(BadEnvelope):
        return decode(record.headers, record.value)
    return None


def _recorded(record: Record) -> datetime:
    return datetime.fromtimestamp(record.timestamp / 1000, UTC)


def _fact(event: Event, record: Record) -> Fact:
    return Fact(event.source, event.id, event.type, event.subject, event.time, event.data, _recorded(record))
