"""Builds the ingest service from settings, after the fork; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.ingest.http import PARTLY_ACCEPTED, Limits, events
from services.ingest.letters.desk import Letters
from services.ingest.letters.http import letters
from services.ingest.projection import Inboxes
from shared.clock import now
from shared.desk.reading import boxes
from shared.eventlog.port import Appender, Log
from shared.eventlog.topics import AUDIT
from shared.projection.loop import Loop, Pace, unnoted
from shared.settings import Settings
from shared.store.client import Store
from shared.store.keys import Keys
from shared.store.notes import Notes
from shared.web.app import Service
from shared.web.health import Check

NAME = "ingest"
TITLE = "Ingest 归集"
DESCRIPTION = "The door for enforcement events: CloudEvents 1.0 in, acknowledged by the log."


def service(
    settings: Settings,
    log: Log,
    *,
    log_check: Check,
    appender: Appender | None = None,
    clock: Callable[[], datetime] = now,
) -> Service:
    """The HTTP door on a log, and the desk of what was refused; `log_check` says whether the log answers."""
    limits = Limits(settings.request_bytes, settings.request_events)
    prefix = settings.topic_prefix
    held = boxes(prefix, settings.subject_partitions, settings.organs)
    desk = Letters(log, held, prefix, prefix + AUDIT, clock)
    routes = [events(appender or log.appender(), prefix, limits, clock), letters(desk)]
    return Service(NAME, TITLE, DESCRIPTION, routes, {"log": log_check}, [PARTLY_ACCEPTED])


def worker(
    settings: Settings,
    log: Log,
    member: str,
    *,
    store: Store | None = None,
    pace: Pace | None = None,
    clock: Callable[[], datetime] = now,
) -> Loop:
    """The Kafka door. `member` is its place in the group: static, so that a restart is no rebalance.

    A store is there for notes of how it goes and nothing else: the door works on without it.
    """
    inboxes = Inboxes(settings.organs, settings.topic_prefix)
    notes = Notes(store, Keys(settings.key_prefix), inboxes.group, member, clock) if store else None
    return Loop(log, inboxes, member=member, pace=pace or Pace(most=settings.poll_records), note=notes or unnoted)
