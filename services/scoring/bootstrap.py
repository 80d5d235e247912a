"""Builds the scoring worker from settings, in its own process; a test may put anything else in the place of a part."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import datetime

from services.scoring.breaking import Breaking
from services.scoring.calendar import Calendar
from services.scoring.filling import Done, Filling
from services.scoring.projection import Scoring
from services.scoring.recorded import Recorded
from services.scoring.relay import Relay
from shared.clock import now
from shared.eventlog import topics
from shared.eventlog.port import Log
from shared.projection.applied import AppliedUntil
from shared.projection.breaker import Limits
from shared.projection.loop import Loop, Pace
from shared.projection.rulebooks import PublishedRulebooks
from shared.settings import Settings
from shared.store.breakers import Breakers
from shared.store.client import Store
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers
from shared.store.notes import Notes
from shared.store.progress import Bookkeeping
from shared.store.tenure import Tenure

_YOUNG = 1_000_000
"""Objects made between two collections of garbage. What scoring makes has no cycles; at Python's own number a subject
with many facts was looked through over and over again while it was scored, which took half of the time."""


def projection(
    settings: Settings,
    log: Log,
    store: Store,
    *,
    clock: Callable[[], datetime] = now,
    witness: Callable[[], datetime] | None = None,
    beside: bool = False,
) -> Scoring:
    """The projection over a log and a store; `witness` is the clock that must agree, the store's unless given.

    `beside` is for a store that is filled while workers fill another one from the same log.
    """
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    keys = Keys(settings.key_prefix)
    bookkeeping = Bookkeeping(store, keys)
    prefix = settings.topic_prefix
    source = f"urn:{prefix.rstrip('.')}:scoring"
    tenure = Tenure(clock)
    return Scoring(
        topics=tuple(prefix + name for name in topics.SUBJECT_TOPICS),
        partitions=settings.subject_partitions,
        ledgers=Ledgers(store, keys),
        bookkeeping=bookkeeping,
        breaking=Breaking(Breakers(store, keys), Limits(run=settings.breaker_run, percent=settings.breaker_percent)),
        rulebooks=PublishedRulebooks(log, prefix + topics.RULEBOOKS),
        relay=Relay(bookkeeping, log, prefix + topics.SCORES, source, clock, tenure),
        calendar=Calendar(clock, witness or bookkeeping.clock),
        applied=AppliedUntil(bookkeeping.set_applied, log.latest, clock),
        tenure=tenure,
        recorded=Recorded(log, prefix, settings.subject_partitions),
        beside=beside,
    )


def worker(settings: Settings, log: Log, store: Store, member: str, *, clock: Callable[[], datetime] = now) -> Loop:
    """The worker's loop. `member` is its place in the group: static, so that a restart is no rebalance."""
    scoring = projection(settings, log, store, clock=clock)
    note = Notes(store, Keys(settings.key_prefix), scoring.group, member, clock)
    return Loop(log, scoring, member=member, pace=Pace(most=settings.poll_records), note=note)


def filling(
    settings: Settings,
    log: Log,
    store: Store,
    *,
    tell: Callable[[Done], None],
    clock: Callable[[], datetime] = now,
    witness: Callable[[], datetime] | None = None,
    pace: Pace | None = None,
) -> Filling:
    """What fills another store beside the live one; `settings` are those by which workers will take it over."""
    scoring = projection(settings, log, store, clock=clock, witness=witness, beside=True)
    books = Bookkeeping(store, Keys(settings.key_prefix))
    return Filling(log, scoring, books, settings.subject_partitions, pace=pace, tell=tell)
