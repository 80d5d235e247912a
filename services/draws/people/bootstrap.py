"""Builds the draws' worker from settings, in its own process; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.draws.projection import FilingPeople
from shared.clock import now
from shared.eventlog.port import Log
from shared.eventlog.topics import SUBJECT_TOPICS
from shared.projection.loop import Loop, Pace
from shared.settings import Settings
from shared.store.client import Store
from shared.store.keys import Keys
from shared.store.notes import Notes
from shared.store.people import People
from shared.store.progress import Bookkeeping


def people_in(store: Store, settings: Settings) -> People:
    """Inspectors and outcomes in an installation's corner of a store."""
    return People(store, Keys(settings.key_prefix))


def worker(
    settings: Settings,
    log: Log,
    store: Store,
    member: str,
    *,
    clock: Callable[[], datetime] = now,
    pace: Pace | None = None,
) -> Loop:
    """The worker that files inspectors and outcomes. `member` is its place in the group: static, so that a restart is
    no rebalance.
    """
    keys, partitions = Keys(settings.key_prefix), settings.subject_partitions
    topics = tuple(settings.topic_prefix + name for name in SUBJECT_TOPICS)
    filing = FilingPeople(topics, partitions, people_in(store, settings), Bookkeeping(store, keys), log.latest, clock)
    note = Notes(store, keys, filing.group, member, clock)
    return Loop(log, filing, member=member, pace=pace or Pace(most=settings.poll_records), note=note)
