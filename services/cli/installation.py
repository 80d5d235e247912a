"""What every command needs of the installation: settings without a stack trace, the log, the store."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import NoReturn

import click
import structlog

from shared.environment import SettingsError, load
from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.kafka_client import Patience
from shared.settings import Settings, variable
from shared.store.client import Store

PATIENCE = Patience(answer=2.0)
STORE_SECONDS, STORE_RETRIES = 1.0, 1
"""How long whoever wants figures waits for a log or a store that does not answer: it is told as down instead."""


class WrongUse(click.ClickException):
    """Told in plain words; exit code 2."""

    exit_code = 2


def settings(given: Mapping[str, str | None] | None = None) -> Settings:
    """The settings, or all that is wrong with them and exit code 2.

    What is given by a setting's name takes the place of the environment's, and is judged as it; empty is not set.
    """
    taken = {variable(name): value for name, value in (given or {}).items() if value is not None}
    kept = {each: os.environ.pop(each, None) for name in taken for each in (name, f"{name}_FILE")}
    os.environ.update(taken)
    try:
        return load()
    except SettingsError as error:
        raise WrongUse(f"the settings do not hold:\n{error}") from None
    finally:
        for name, before in kept.items():
            os.environ.pop(name, None)
            if before is not None:
                os.environ[name] = before


def on_servers(found: Settings) -> Settings:
    """Settings that name a log and a store; without them there is only `chengxin up`, which starts its own."""
    missing = [variable(name) for name in ("kafka", "redis") if not getattr(found, name)]
    if missing:
        raise WrongUse(f"{' and '.join(missing)} must say where the servers are; `chengxin up` starts its own")
    return found


def log_of(found: Settings, patience: Patience | None = None) -> KafkaLog:
    """The log; nothing is connected yet."""
    return KafkaLog(Connection.of(found), patience)


def store_of(found: Settings, *, timeout: float = 5.0, retries: int = 3) -> Store:
    """The store; nothing is connected yet."""
    return Store(
        found.redis,
        password=found.redis_password or None,
        cluster=found.redis_cluster,
        timeout=timeout,
        retries=retries,
    )


def keep_logs_aside() -> None:
    """Send what is logged to standard error: standard output is for the answer."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def fail(sentence: str) -> NoReturn:
    """Tell what does not hold; exit code 1."""
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(1)


def say(line: str) -> None:
    """A line for people, on standard error: standard output is for data."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
