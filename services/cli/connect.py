"""The log of this installation, as a command reaches it: by address, or the running embedded one of `CHENGXIN_HOME`."""

from __future__ import annotations

import json

import click

from shared.eventlog.connection import Connection
from shared.eventlog.kafka import KafkaLog
from shared.settings import Settings, SettingsError, load, variable


def settings_or_stop() -> Settings:
    """The settings; all faults of the environment are told at once, exit code 2."""
    try:
        return load()
    except SettingsError as error:
        raise click.UsageError(str(error)) from None


def open_log(settings: Settings) -> KafkaLog:
    """The log; nothing is connected before it is needed."""
    return KafkaLog(Connection.of(settings, _embedded(settings) if settings.embedded_log else ()))


def _embedded(settings: Settings) -> tuple[str, ...]:
    """Where this home's own broker listens. It is read, never chosen: only `chengxin up` starts it."""
    kept = settings.home / "data" / "engines.json"
    try:
        port = json.loads(kept.read_text())["kafka_port"]
    except (OSError, ValueError, KeyError):
        raise click.UsageError(
            f"no log: {variable('kafka')} is not set and nothing was started in {settings.home}; run `chengxin up`, "
            f"or set {variable('kafka')} to HOST:PORT"
        ) from None
    return (f"127.0.0.1:{port}",)
