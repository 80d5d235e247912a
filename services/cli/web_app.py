"""The web application of one process: one service, or several behind one port, as behind a gateway."""

from __future__ import annotations

from collections.abc import Callable, Collection

from flask import Flask

import services.draws.bootstrap as draws
import services.ingest.bootstrap as ingest
import services.lookup.bootstrap as lookup
from shared.eventlog.port import Log
from shared.eventlog.topics import ACCESS
from shared.projection.gauges import gauges
from shared.projection.overview import Figures, gather
from shared.projection.remembered import Remembered
from shared.settings import Settings
from shared.store.client import Store
from shared.telemetry.metrics import exposition
from shared.web.app import create_app
from shared.web.key_log import follow_keys

SERVICES = (ingest.NAME, lookup.NAME, draws.NAME)


_FIGURES_SECONDS = 10.0
"""For how long figures that cost the log and the store something are shown again: monitors come every 15 s or so."""


def web_app(
    settings: Settings,
    log: Log,
    store: Store,
    services: Collection[str] = SERVICES,
    figures: Callable[[], Figures] | None = None,
) -> Flask:
    """Build it after the fork: it opens clients, and starts the threads that follow access keys and rulebooks.

    `figures` are those of `/metrics`, of this log and store unless given.
    """
    remembered = Remembered(figures or (lambda: gather(settings, log, store)), seconds=_FIGURES_SECONDS)
    keys, following = follow_keys(log, settings.topic_prefix + ACCESS)
    made = {
        ingest.NAME: lambda: ingest.service(
            settings, log, log_check=following.check, known_of=ingest.known_in(store, settings, log)
        ),
        lookup.NAME: lambda: lookup.service(settings, log, store),
        draws.NAME: lambda: draws.service(settings, log, store),
    }
    return create_app(
        [made[name]() for name in SERVICES if name in services],
        keys=keys,
        exposition=lambda: exposition(gauges(remembered())),
        metrics_loopback=settings.metrics_loopback,
    )
