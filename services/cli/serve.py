"""`chengxin serve [SERVICE]`: the HTTP side, by gunicorn."""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
from functools import partial
from pathlib import Path

import click
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from services.cli.installation import PATIENCE, STORE_RETRIES, STORE_SECONDS, log_of, on_servers, settings, store_of
from services.cli.signing import refuse_bad_folder
from services.cli.web_app import SERVICES, web_app
from shared.projection.overview import gather
from shared.settings import Settings
from shared.telemetry import logs
from shared.telemetry.metrics import FOLDER

MOST_LETTERS = 10_000
"""Records read anew at every look; where there are more, letters are counted by whoever writes them alone."""


def application(*services: str) -> Flask:
    """The WSGI application, built in each worker process after the fork."""
    found = on_servers(settings())
    logs.configure(found.log_level, found.log_format)
    # Clients of their own for the figures: whoever takes them waits less long for what is down.
    log, store = log_of(found, PATIENCE), store_of(found, timeout=STORE_SECONDS, retries=STORE_RETRIES)
    figures = partial(gather, found, log, store, most_letters=MOST_LETTERS)
    folder = os.environ.get(FOLDER)
    counts = Path(folder) / "rates" if folder else None
    app = web_app(found, log_of(found), store_of(found), services or SERVICES, figures, counts, atexit.register)
    if found.proxies:
        behind = found.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind)  # type: ignore[method-assign]
    return app


def command(found: Settings, *services: str) -> list[str]:
    """The gunicorn that serves them: threads, since a look-up waits for the store and not for the processor."""
    arguments = ", ".join(f"'{service}'" for service in services)
    return [
        sys.executable,
        "-m",
        "gunicorn",
        f"services.cli.serve:application({arguments})",
        f"--bind={found.host}:{found.port}",
        "--worker-class=shared.web.worker.Worker",
        f"--workers={found.web_workers}",
        f"--threads={found.web_threads}",
        "--graceful-timeout=10",
        "--no-control-socket",
        "--log-level=warning",
    ]


@click.command()
@click.argument("service", type=click.Choice(["all", *SERVICES]), default="all")
def serve(service: str) -> None:
    """Serve SERVICE over HTTP (`all` behind one port unless given) on CHENGXIN_HOST and CHENGXIN_PORT."""
    found = on_servers(settings())
    refuse_bad_folder(found)
    line = command(found, *([] if service == "all" else [service]))
    if not os.environ.get(FOLDER):  # one for each start: what an earlier one counted is not added to
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="chengxin-metrics-")
    os.execv(line[0], line)  # noqa: S606
