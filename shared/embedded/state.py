"""What the engines of one data folder keep from start to start: ports, the store's password, the cluster's id."""

from __future__ import annotations

import base64
import json
import os
import secrets
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from shared.embedded import ports
from shared.embedded.errors import EnginesError


@dataclass(frozen=True, slots=True)
class State:
    """Chosen at the first start of a data folder."""

    cluster_id: str
    redis_password: str
    kafka_port: int
    controller_port: int
    redis_port: int


_PORTS = ("kafka_port", "controller_port", "redis_port")


def load(folder: Path) -> State:
    """The folder's state, made where there is none. A port that a stranger took meanwhile is chosen anew."""
    path = folder / "engines.json"
    try:
        state = State(**json.loads(path.read_text()))
    except FileNotFoundError:
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
        state = State(cluster_id, secrets.token_urlsafe(24), 0, 0, 0)
    except (ValueError, TypeError):
        raise EnginesError(f"{path} cannot be read as the engines' state: restore it from a backup.") from None
    for name in _PORTS:
        if not getattr(state, name) or not ports.is_free(getattr(state, name)):
            taken = [getattr(state, other) for other in _PORTS]
            state = State(**asdict(state) | {name: ports.choose(taken)})
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(state), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return state
