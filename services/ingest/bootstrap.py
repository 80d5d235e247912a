"""Builds the ingest service from settings, after the fork; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from services.ingest.http import Limits, events
from services.ingest.projection import Inboxes
from shared.eventlog.port import Appender, Log, LogUnavailable, UnknownTopic
from shared.eventlog.topics import ENFORCEMENT
from shared.projection.loop import Loop, Pace
from shared.settings import Settings
from shared.web.app import Service
from shared.web.health import Check

NAME = "ingest"
TITLE = "Ingest 归集"
DESCRIPTION = "The door for enforcement events: CloudEvents 1.0 in, acknowledged by the log."


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def service(log: Log, appender: Appender, settings: Settings, *, clock: Callable[[], datetime] = now) -> Service:
    """The HTTP door on a log; `appender` is the log's own, or a test's."""
    limits = Limits(settings.request_bytes, settings.request_events)
    routes = events(appender, settings.topic_prefix, limits, clock)
    return Service(NAME, TITLE, DESCRIPTION, [routes], {"log": log_check(log, settings.topic_prefix)})


def worker(
    log: Log, settings: Settings, member: str, *, clock: Callable[[], datetime] = now, pace: Pace | None = None
) -> Loop:
    """The Kafka door: a worker under a name of its own; `run(stop)` until told to stop."""
    inboxes = Inboxes(settings.organs, settings.topic_prefix, clock)
    return Loop(log, inboxes, member=member, pace=pace or Pace(most=settings.poll_records))


def log_check(log: Log, prefix: str) -> Check:
    """Whether the log answers and has its topics."""

    def check() -> str | None:
        try:
            log.partitions(prefix + ENFORCEMENT)
        except LogUnavailable:
            return "does not answer"
        except UnknownTopic:
            return "has no topics yet; `chengxin topics apply` makes them"
        return None

    return check
