"""What keeps an installation from starting, told before any of it is started."""

from __future__ import annotations

import socket
from contextlib import closing

from services.cli.installation import WrongUse, log_of, store_of
from shared.eventlog.port import LogUnavailable, UnknownTopic
from shared.eventlog.topics import ACCESS
from shared.settings import Settings, variable
from shared.store.client import StoreUnavailable


def refuse_busy_port(found: Settings) -> None:
    """Raises `WrongUse` where another process has the web server's port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((found.host, found.port))
        except OSError as error:
            raise WrongUse(
                f"port {found.port} of {found.host} cannot be had ({error.strerror}): "
                f"set {variable('port')} to a free one"
            ) from None


def refuse_silent_servers(found: Settings) -> None:
    """Raises `WrongUse`, naming the setting, where a log or a store that is given does not answer."""
    if not found.embedded_store:
        with closing(store_of(found)) as store:
            try:
                store.ping()
            except StoreUnavailable as error:
                address = found.shown()[variable("redis")]
                raise WrongUse(f"{variable('redis')}: no store answers at {address} ({error})") from None
    if not found.embedded_log:
        with closing(log_of(found)) as log:
            try:
                log.partitions(found.topic_prefix + ACCESS)
            except UnknownTopic:
                pass  # it answers, and is new
            except LogUnavailable as error:
                raise WrongUse(f"{variable('kafka')}: {error}") from None
