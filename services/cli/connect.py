"""The log and the store of this installation as a command reaches them: by address, or those of `chengxin up`."""

from __future__ import annotations

import json
from typing import Any

from services.cli.installation import WrongUse, store_of
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.settings import Settings, variable
from shared.store.client import Store


def connection_of(found: Settings) -> Connection:
    """How the log is reached."""
    return Connection.of(found, _embedded(found) if found.embedded_log else ())


def open_log(found: Settings) -> KafkaLog:
    """The log; nothing is connected before it is needed."""
    return KafkaLog(connection_of(found))


def open_store(found: Settings) -> Store:
    """The store; nothing is connected before it is needed."""
    if not found.embedded_store:
        return store_of(found)
    kept = _kept(found, "redis", "store", "redis://HOST:PORT/0")
    return Store(f"redis://127.0.0.1:{kept['redis_port']}/0", password=kept["redis_password"])


def _embedded(found: Settings) -> tuple[str, ...]:
    """Where this home's own broker listens."""
    return (f"127.0.0.1:{_kept(found, 'kafka', 'log', 'HOST:PORT')['kafka_port']}",)


def _kept(found: Settings, setting: str, what: str, form: str) -> dict[str, Any]:
    """What this home's engines were started with. It is read, never chosen: only `chengxin up` starts them."""
    kept = found.home / "data" / "engines.json"
    try:
        state = json.loads(kept.read_text())
        return {name: state[name] for name in ("kafka_port", "redis_port", "redis_password")}
    except (OSError, ValueError, KeyError):
        raise WrongUse(
            f"no {what}: {variable(setting)} is not set and nothing was started in {found.home}; run `chengxin up`, "
            f"or set {variable(setting)} to {form}"
        ) from None
