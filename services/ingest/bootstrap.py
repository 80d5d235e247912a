"""Builds the ingest service from settings, after the fork; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from services.ingest.http import PARTLY_ACCEPTED, Limits, events
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


def service(
    settings: Settings, log: Log, *, appender: Appender | None = None, clock: Callable[[], datetime] = now
) -> Service:
    """The HTTP door on a log."""
    limits = Limits(settings.request_bytes, settings.request_events)
    routes = events(appender or log.appender(), settings.topic_prefix, limits, clock)
    checks = {"log": log_check(log, settings.topic_prefix)}
    return Service(NAME, TITLE, DESCRIPTION, [routes], checks, [PARTLY_ACCEPTED])


def worker(
    settings: Settings, log: Log, member: str, *, clock: Callable[[], datetime] = now, pace: Pace | None = None
) -> Loop:
    """The Kafka door. `member` is its place in the group: static, so that a restart is no rebalance."""
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
