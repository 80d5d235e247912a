"""The log and the store of this installation as a command reaches them: by address, or those of `chengxin up`."""

from __future__ import annotations

import json
from typing import Any

from services.cli.installation import WrongUse, store_of
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.kafka_client import Patience
from shared.settings import Settings, variable
from shared.store.client import Store


def open_log(found: Settings, patience: Patience | None = None) -> KafkaLog:
    """The log; nothing is connected before it is needed."""
    return KafkaLog(Connection.of(found, _embedded(found) if found.embedded_log else ()), patience)


def open_store(found: Settings, *, timeout: float = 5.0, retries: int = 3) -> Store:
    """The store; nothing is connected before it is needed."""
    if not found.embedded_store:
        return store_of(found, timeout=timeout, retries=retries)
    kept = _kept(found, "redis", "store", "redis://HOST:PORT/0")
    address, password = f"redis://127.0.0.1:{kept['redis_port']}/0", kept["redis_password"]
    return Store(address, password=password, timeout=timeout, retries=retries)


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
