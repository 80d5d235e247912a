"""`chengxin up`: everything on one machine, each in its turn (DESIGN.md section 5, embedded)."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import click

from services.cli import serve
from services.cli.admin_key import KEY
from services.cli.before_start import refuse_busy_port, refuse_silent_servers
from services.cli.children import Children
from services.cli.installation import WrongUse, log_of, say, settings
from services.cli.preparing import prepare
from services.cli.readiness import READY_SECONDS, answers, scored
from services.cli.sample import ADDRESS, ORGAN, fill
from services.cli.signing import KEYS
from services.sample import marker
from services.sample.marker import Marker
from shared.embedded import engines
from shared.embedded.errors import EnginesError
from shared.eventlog.port import LogUnavailable
from shared.settings import Settings, variable
from shared.telemetry.metrics import FOLDER

AGAIN_SECONDS = 2.0


@click.command()
@click.option("--kafka", metavar="HOST:PORT", help="A Kafka to use instead of the embedded broker.")
@click.option("--redis", metavar="URL", help="A Redis or Valkey to use instead of the embedded store.")
@click.option("--sample/--no-sample", default=True, help="Fill a new installation (embedded log) with a made-up city.")
def up(kafka: str | None, redis: str | None, sample: bool) -> None:
    """Start log, store, workers and web on this machine; Ctrl-C stops them.

    Data, logs and the first admin key lie in CHENGXIN_HOME (.chengxin). A new one is filled with a sample city.
    """
    found = settings({"kafka": kafka, "redis": redis, "metrics_loopback": loopback_metrics()})
    stop = Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: _stopping(stop))
    refuse_busy_port(found)
    refuse_silent_servers(found)
    with ExitStack() as stack:
        try:
            running = engines.start(
                found.home.absolute(),
                cache=found.cache,
                kafka=found.embedded_log,
                redis=found.embedded_store,
                progress=say,
            )
            stack.callback(running.stop)
            found = _on(running, found)
            if not stop.is_set():
                prepare(found, sample=sample and running.kafka in found.kafka and ORGAN in found.organs)
                _run(found, running, stop, stack)
        except (EnginesError, LogUnavailable) as error:
            raise WrongUse(str(error)) from None


def loopback_metrics() -> str | None:
    """True unless it is set: whoever tries it on this machine needs no key; `serve` may stand behind a proxy."""
    name = variable("metrics_loopback")
    return None if {name, f"{name}_FILE"} & os.environ.keys() else "true"


def _stopping(stop: Event) -> None:
    if stop.is_set():
        os._exit(1)  # the second Ctrl-C: the children die with this process, and lose nothing by it
    say("Stopping; once more ends it at once")
    stop.set()


def _on(running: engines.Engines, found: Settings) -> Settings:
    """The same settings with the engines' addresses in them, and what followed from their absence made plain."""
    return replace(
        found,
        home=found.home.absolute(),
        kafka=found.kafka or (running.kafka,),
        redis=found.redis or running.redis,
        signing_keys=found.signing_keys or str(found.home.absolute() / KEYS),
        partitions=found.subject_partitions,
    )


def _run(found: Settings, running: engines.Engines, stop: Event, stack: ExitStack) -> None:
    children = Children(found, {FOLDER: str(_empty_folder(found.home / "metrics"))})
    stack.callback(children.stop)
    workers = {
        "ingest": found.ingest_workers,
        "scoring": found.scoring_workers,
        "lookup": found.lookup_workers,
        "draws": found.draws_workers,
        "notify": found.notify_workers,
    }
    for service, many in workers.items():
        for number in range(1, many + 1):
            children.start(f"{service}-{number}", _chengxin("work", service, "--member", str(number)))
    children.start("web", serve.command(found))
    address = f"http://{found.host}:{found.port}"
    if not (answers(f"{address}/readyz", stop) and scored(found, stop)):
        if not stop.is_set():
            raise EnginesError(f"web and workers were not ready after {READY_SECONDS:.0f} s; see {found.home / 'logs'}")
        return
    (found.home / ADDRESS).write_text(address)
    say(
        f"\nReady: {address}\n"
        f"  Guides 指南            {address}/guides\n"
        f"  Documents of the API   {address}/docs\n"
        f"  First admin key        {found.home / KEY}\n"
        f"  Logs                   {found.home / 'logs'}\n"
        "Ctrl-C stops.\n"
    )
    if city := marker.read(found.home):
        filling = Thread(target=_fill, args=(found, city, stop), name="sample")
        stack.callback(filling.join)
        filling.start()
    while not stop.wait(AGAIN_SECONDS):
        if dead := running.dead():
            raise EnginesError(dead)
        children.restart_dead()


def _empty_folder(path: Path) -> Path:
    """A folder for what the processes count, without what those of an earlier start have left."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    return path


def _fill(found: Settings, city: Marker, stop: Event) -> None:
    """Load the sample city in the background; a log that is away for a while is waited for."""
    while not stop.is_set():
        try:
            return fill(found, log_of(found), marker.read(found.home) or city, stop)
        except LogUnavailable as error:
            say(f"The sample city waits for the log: {error}")
            stop.wait(AGAIN_SECONDS)
    return None


def _chengxin(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "services.cli.main", *arguments]
