"""Settings out of the environment, read once, with every fault reported together.

A setting `port` is the environment's `CHENGXIN_PORT`; `CHENGXIN_PORT_FILE` may instead name a file that holds the
value (for secrets mounted as files). An empty value counts as not set.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from environs import EnvValidationError, FileAwareEnv

from shared.settings import PREFIX, Settings, variable

Fault = tuple[str, str]
"""Name of the environment's variable, and a plain sentence: what is wrong and what would be right."""


class SettingsError(Exception):
    """The environment does not make settings; `faults` has all that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(f"{name}: {message}" for name, message in faults))


def load() -> Settings:
    """Read the environment. Raises `SettingsError` with all of its faults."""
    env = FileAwareEnv(prefix=PREFIX, eager=False, strip_whitespace=True)
    faults = _misspelt(os.environ)
    values: dict[str, Any] = {}
    for each in fields(Settings):
        name, in_file = variable(each.name), f"{variable(each.name)}_FILE"
        if os.environ.get(name, "").strip() and os.environ.get(in_file):
            faults.append((name, f"is set, and {in_file} is set too: keep one of them"))
        elif os.environ.get(name, "").strip() or os.environ.get(in_file):
            try:
                values[each.name] = each.metadata["read"](env, each.name.upper(), each.default)
            except (OSError, ValueError):
                faults.append((in_file, "must be the path of a text file that can be read"))
    try:
        env.seal()
    except EnvValidationError as error:
        messages: Any = error.error_messages  # a mapping here: seal() collected them by variable
        faults += [(name, _sentence(each)) for name, each in messages.items()]
    settings = Settings(**{name: value for name, value in values.items() if value is not None})
    if faults := faults + _contradictions(settings):
        raise SettingsError(faults)
    return settings


def _contradictions(settings: Settings) -> list[Fault]:
    """Settings that do not go together."""
    faults = []
    if settings.kafka_security.startswith("SASL"):
        faults += [
            (variable(name), f"is needed with {variable('kafka_security')}={settings.kafka_security}")
            for name in ("kafka_username", "kafka_password")
            if not getattr(settings, name)
        ]
    if bool(settings.kafka_certificate) != bool(settings.kafka_private_key):
        faults.append((variable("kafka_certificate"), f"goes together with {variable('kafka_private_key')}"))
    if settings.replication and settings.min_insync > settings.replication:
        faults.append((variable("min_insync"), f"must not be more than {variable('replication')}"))
    bounded = {each.partition(":")[0] for each in settings.organ_bounds}
    if unknown := sorted(bounded - set(settings.organs)):  # *else* a slip of the pen leaves the organ's topic unbound
        faults.append((variable("organ_bounds"), f"bounds {', '.join(unknown)}, not among {variable('organs')}"))
    if settings.redis_cluster and settings.embedded_store:
        faults.append((variable("redis_cluster"), f"needs the cluster's address in {variable('redis')}"))
    return faults


def _misspelt(environment: Mapping[str, str]) -> list[Fault]:
    """Names that are nearly a setting's. Others may be: an orchestrator puts variables of its own there."""
    known = [variable(each.name) + ending for each in fields(Settings) for ending in ("", "_FILE")]
    ours = [n for n in environment if n.startswith(PREFIX) and not n.startswith(f"{PREFIX}TEST_")]
    near = {n: difflib.get_close_matches(n, known, 1, 0.88) for n in sorted(set(ours) - set(known))}
    return [(name, f"is no setting; {found[0]} is one") for name, found in near.items() if found]


def _sentence(messages: Any) -> str:
    """One sentence of marshmallow's messages, which are a list, or for lists a dictionary by index."""
    if isinstance(messages, dict):
        return "; ".join(f"item {index}: {_sentence(each)}" for index, each in messages.items())
    return "; ".join(dict.fromkeys(str(each) for each in messages))
