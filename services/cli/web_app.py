"""The web application of one process: one service, or several behind one port, as behind a gateway."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from flask import Flask

import services.draws.bootstrap as draws
import services.ingest.bootstrap as ingest
import services.lookup.bootstrap as lookup
import services.notify.bootstrap as notify
import services.statistics.bootstrap as statistics
from services.portal.http import pages
from shared.clock import now
from shared.eventlog.port import Log
from shared.eventlog.topics import ACCESS, AUDIT
from shared.projection.gauges import gauges
from shared.projection.overview import Figures, gather
from shared.projection.remembered import Remembered
from shared.settings import Settings
from shared.signing.signing import Signing
from shared.store.client import Store
from shared.store.key_use import KeyUse
from shared.store.keys import Keys
from shared.telemetry.metrics import exposition
from shared.web.app import create_app
from shared.web.background import Repeated
from shared.web.key_log import follow_keys
from shared.web.limiting import Limiter, Quotas
from shared.web.rates import Rates
from shared.web.refusals import EVERY_SECONDS, Refusals

SERVICES = (ingest.NAME, lookup.NAME, draws.NAME, statistics.NAME, notify.NAME)

USE_SECONDS = 10.0
"""How often it is noted when keys were used."""
_FIGURES_SECONDS = 10.0
"""For how long figures that cost the log and the store something are shown again: monitors come every 15 s or so."""


def web_app(
    settings: Settings,
    log: Log,
    store: Store,
    services: Collection[str] = SERVICES,
    figures: Callable[[], Figures] | None = None,
    counts: Path | None = None,
    at_exit: Callable[[Callable[[], None]], object] = lambda _: None,
) -> Flask:
    """Build it after the fork: it opens clients, and starts the threads that follow access keys and rulebooks.

    `counts` is a file in which the web processes of a server count requests together.
    `at_exit` takes what is to be done when the process ends.
    `figures` are those of `/metrics`, of this log and store unless given.
    """
    remembered = Remembered(figures or (lambda: gather(settings, log, store)), seconds=_FIGURES_SECONDS)
    keys, following = follow_keys(log, settings.topic_prefix + ACCESS)
    signing = Signing(Path(settings.signing_keys) if settings.signing_keys else None)
    use, refusals, appender = KeyUse(store, Keys(settings.key_prefix)), Refusals(now), log.appender()
    Repeated("key use", lambda: use.note(keys.take_used()), every=USE_SECONDS).start()
    audit = settings.topic_prefix + AUDIT
    at_exit(Repeated("refusals", lambda: refusals.tell(appender, audit), every=EVERY_SECONDS).start().finish)
    made = {
        ingest.NAME: lambda: ingest.service(settings, log, store, log_check=following.check, keys=keys, used=use.read),
        lookup.NAME: lambda: lookup.service(settings, log, store, signing),
        statistics.NAME: lambda: statistics.service(settings, log, store, signing),
        draws.NAME: lambda: draws.service(settings, log, store, signing),
        notify.NAME: lambda: notify.service(settings, log, store, signing, keys),
    }
    return create_app(
        [made[name]() for name in SERVICES if name in services],
        keys=keys,
        signing=signing,
        limiter=Limiter(Quotas(settings.rate_per_key, settings.rate_per_address), Rates(counts)),
        refusals=refusals,
        exposition=lambda: exposition(gauges(remembered())),
        metrics_loopback=settings.metrics_loopback,
        pages=[pages(settings.public_url)],
    )
