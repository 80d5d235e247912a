"""The log of this installation as a command reaches it: by its address, or the embedded one that `chengxin up` runs."""

from __future__ import annotations

import json

from services.cli.installation import WrongUse
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.settings import Settings, variable


def open_log(found: Settings) -> KafkaLog:
    """The log; nothing is connected before it is needed."""
    return KafkaLog(Connection.of(found, _embedded(found) if found.embedded_log else ()))


def _embedded(found: Settings) -> tuple[str, ...]:
    """Where this home's own broker listens. It is read, never chosen: only `chengxin up` starts it."""
    kept = found.home / "data" / "engines.json"
    try:
        port = json.loads(kept.read_text())["kafka_port"]
    except (OSError, ValueError, KeyError):
        raise WrongUse(
            f"no log: {variable('kafka')} is not set and nothing was started in {found.home}; run `chengxin up`, "
            f"or set {variable('kafka')} to HOST:PORT"
        ) from None
    return (f"127.0.0.1:{port}",)
