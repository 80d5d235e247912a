"""The log and the store of this installation as a command reaches them: by address, or those of `chengxin up`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from services.cli.installation import WrongUse, fail, store_of
from shared.embedded import ports
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.kafka_client import Patience
from shared.eventlog.port import LogUnavailable, UnknownTopic
from shared.settings import Settings, variable
from shared.store.client import Store, StoreUnavailable
from shared.store.subjects import NotReady


def open_log(found: Settings, patience: Patience | None = None) -> KafkaLog:
    """The log; nothing is connected before it is needed."""
    return KafkaLog(Connection.of(found, _embedded(found) if found.embedded_log else ()), patience)


@contextmanager
def on_the_log(found: Settings) -> Iterator[KafkaLog]:
    """The log, closed at the end; one that does not answer, or has no such topic, ends the command with exit code 1."""
    log = open_log(found)
    try:
        yield log
    except LogUnavailable as error:
        fail(f"the log does not answer ({error}); {variable('kafka')} says where it is")
    except UnknownTopic as error:
        fail(f"the log has no topic {error}; `chengxin topics apply` makes it")
    finally:
        log.close()


def open_store(found: Settings, *, timeout: float = 5.0, retries: int = 3) -> Store:
    """The store; nothing is connected before it is needed."""
    if not found.embedded_store:
        return store_of(found, timeout=timeout, retries=retries)
    kept = _kept(found, "redis", "redis://HOST:PORT/0")
    address, password = f"redis://127.0.0.1:{kept['redis_port']}/0", kept["redis_password"]
    return Store(address, password=password, timeout=timeout, retries=retries)


@contextmanager
def on_the_store(found: Settings) -> Iterator[Store]:
    """The store, closed at the end; one that does not answer, or is not filled, ends the command with exit code 1."""
    store = open_store(found)
    try:
        yield store
    except StoreUnavailable as error:
        fail(f"the store does not answer ({error}); {variable('redis')} says where it is")
    except NotReady as error:
        fail(str(error))
    finally:
        store.close()


def _embedded(found: Settings) -> tuple[str, ...]:
    """Where this home's own broker listens."""
    return (f"127.0.0.1:{_kept(found, 'kafka', 'HOST:PORT')['kafka_port']}",)


def _kept(found: Settings, setting: str, form: str) -> dict[str, Any]:
    """What this home's engines were started with. It is read, never chosen: only `chengxin up` starts them.

    A port of theirs on which nobody listens is told at once: a client would try it for as long as it has patience.
    """
    kept = found.home / "data" / "engines.json"
    try:
        state = json.loads(kept.read_text())
        if not ports.is_free(state[f"{setting}_port"]):
            return {name: state[name] for name in ("kafka_port", "redis_port", "redis_password")}
    except (OSError, ValueError, KeyError):
        pass
    raise WrongUse(
        f"nothing runs in {found.home}: start it with `chengxin up`, or set {variable(setting)} to {form}"
    ) from None
