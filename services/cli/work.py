"""`chengxin work SERVICE`: one worker process, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import signal
import sys
from threading import Event

import click
import structlog

import services.draws.people.bootstrap as draws
import services.ingest.bootstrap as ingest
import services.lookup.bootstrap as lookup
import services.notify.bootstrap as notify
import services.scoring.bootstrap as scoring
from services.cli.installation import WrongUse, log_of, on_servers, say, settings, store_of
from services.ingest.together import Together
from shared.eventlog import topics, topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.port import BeyondEnd, Log, LogUnavailable, UnknownTopic
from shared.projection.loop import Loop
from shared.settings import Settings
from shared.store.progress import OtherPartitions
from shared.telemetry import logs
from shared.telemetry.metrics import LOOPBACK, listen

logger = structlog.get_logger()
_AGAIN_SECONDS = 2.0
_NOTE_SECONDS = 0.5
"""How long the Kafka door may be held up by a store that does not answer, now and then: it only leaves notes there."""


@click.command()
@click.argument("service", type=click.Choice(["ingest", "scoring", "lookup", "draws", "notify"]))
@click.option("--member", default="1", show_default=True, help="This worker's place in its group; one process each.")
@click.option("--metrics-port", type=click.IntRange(1, 65535), help="Show its metrics to this machine, at this port.")
def work(service: str, member: str, metrics_port: int | None) -> None:
    """Run the worker of SERVICE: `ingest` (the Kafka door, and uploads), `scoring` (ledgers and scores), `lookup` (the
    directory), `draws` (inspectors, and what came of inspections) or `notify` (webhooks).

    SIGTERM lets it finish its batch, make it durable, commit and leave. It waits for a log or store that is down.
    """
    found = on_servers(settings())
    logs.configure(found.log_level, found.log_format)
    if metrics_port:
        _show_metrics(metrics_port)
    stop = Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    log = log_of(found)
    while not stop.is_set():
        try:
            topics_admin.refuse_unfit(Connection.of(found), _read_by(service, found))
            _loop(service, found, log, member).run(stop)
        except LogUnavailable as error:
            say(f"the log is not there ({error}); trying again")
            stop.wait(_AGAIN_SECONDS)
        except UnknownTopic as error:
            raise WrongUse(f"the log has no topic {error}; `chengxin topics apply` makes it") from None
        except topics_admin.Unfit as error:
            raise WrongUse(f"the log does not fit the settings: {error}; see `chengxin topics apply`") from None
        except OtherPartitions as error:
            raise WrongUse(f"the store does not fit the log: {error}; give another store, or empty this one") from None
        except BeyondEnd as error:
            logger.error("stopped", reason=str(error))  # noqa: TRY400 - its place in the code says nothing
            sys.exit(1)


def _loop(service: str, found: Settings, log: Log, member: str) -> Loop | notify.Worker | Together:
    if service == "ingest":
        return ingest.worker(found, log, member, store=store_of(found, timeout=_NOTE_SECONDS, retries=0))
    if service == "scoring":
        return scoring.worker(found, log, store_of(found), member)
    if service == "notify":
        return notify.worker(found, log, store_of(found), member)
    make = draws.worker if service == "draws" else lookup.worker
    return make(found, log, store_of(found), member)


def _show_metrics(port: int) -> None:
    try:
        listen(port)
    except OSError as error:
        raise WrongUse(
            f"--metrics-port: {port} of {LOOPBACK} cannot be had ({error.strerror}); give a free one"
        ) from None


def _read_by(service: str, found: Settings) -> list[topics.Wanted]:
    """The topics that a service's worker reads, as they must be."""
    prefix = found.topic_prefix
    read = {
        "ingest": [*map(topics.inbox_of, found.organs), topics.UPLOAD_STEPS],
        "scoring": topics.SUBJECT_TOPICS,
        "lookup": (topics.SCORES,),
        "notify": (topics.SCORES,),
        "draws": topics.SUBJECT_TOPICS,
    }[service]
    names = {prefix + name for name in read}
    return [each for each in topics.wanted(prefix, found.subject_partitions, found.organs) if each.name in names]
