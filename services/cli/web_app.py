"""The web application of one process: one service, or several behind one port, as behind a gateway."""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask

import services.ingest.bootstrap as ingest
import services.lookup.bootstrap as lookup
from shared.eventlog.port import Log
from shared.eventlog.topics import ACCESS
from shared.settings import Settings
from shared.store.client import Store
from shared.web.app import create_app
from shared.web.key_log import follow_keys

SERVICES = (ingest.NAME, lookup.NAME)


def web_app(settings: Settings, log: Log, store: Store, services: Collection[str] = SERVICES) -> Flask:
    """Build it after the fork: it opens clients, and starts the threads that follow access keys and rulebooks."""
    keys, following = follow_keys(log, settings.topic_prefix + ACCESS)
    made = {
        ingest.NAME: lambda: ingest.service(settings, log, log_check=following.check),
        lookup.NAME: lambda: lookup.service(settings, log, store),
    }
    return create_app([made[name]() for name in SERVICES if name in services], keys=keys)
