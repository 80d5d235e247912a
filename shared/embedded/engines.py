"""The log and the store of one machine, started and stopped together (DESIGN.md section 4, the embedded engines)."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from shared.embedded import broker, jars, state, valkey
from shared.embedded.broker_properties import Node
from shared.embedded.cache import cache_folder
from shared.embedded.errors import EnginesError
from shared.embedded.jars import Progress
from shared.embedded.locked import Claim
from shared.embedded.ports import LOOPBACK
from shared.embedded.process import Process, end_stale

READY_SECONDS, STOP_SECONDS = 300.0, 30.0
"""A start after a kill reads the last segments and the append-only file again; both are far below this."""


@dataclass(frozen=True)
class Engines:
    """Running engines. They die with this process; `stop` ends them in order."""

    kafka: str
    """Bootstrap server, `HOST:PORT`; empty where it was not asked for."""
    redis: str
    """Address with the password, `redis://:PASSWORD@HOST:PORT/0`; empty where it was not asked for."""
    processes: tuple[Process, ...] = ()
    _stack: ExitStack = field(default_factory=ExitStack, repr=False)

    def dead(self) -> str | None:
        """One sentence about an engine that has ended by itself, or None."""
        for process in self.processes:
            if not process.running():
                return f"{process.name} has stopped by itself; see {process.log}"
        return None

    def stop(self) -> None:
        """Stop all in order (their clients have gone by now), and let go of the data folder."""
        self._stack.close()


def start(
    home: Path, *, cache: str | Path = "", kafka: bool = True, redis: bool = True, progress: Progress | None = None
) -> Engines:
    """Start the engines on `home` (`data/`, `logs/`), with what is fetched in `cache`, and wait until they answer.

    Call it from the main thread. Raises `EnginesError`, having stopped what it had started.
    """
    say = progress or _to_stderr
    data, logs = home / "data", home / "logs"
    with ExitStack() as stack:
        try:
            for folder in (data, logs):
                folder.mkdir(parents=True, exist_ok=True)
            claim = Claim(data)
        except OSError as error:
            raise EnginesError(
                f"{home} cannot be written: {error.strerror}. Set CHENGXIN_HOME to another folder."
            ) from None
        stack.callback(claim.release)
        for pid_file in data.glob("*/pid"):
            end_stale(pid_file)
        kept = state.load(data)
        waits = []
        if redis:
            store = valkey.start(
                port=kept.redis_port, password=kept.redis_password, folder=data / "valkey", log=logs / "valkey.log"
            )
            stack.callback(store.stop, seconds=STOP_SECONDS)
            waits.append((store, lambda: valkey.is_ready(kept.redis_port, kept.redis_password)))
        if kafka:
            files = jars.fetch(cache_folder(str(cache), home) / "maven", progress=say)
            say("Starting Kafka")
            node = Node(1, kept.kafka_port, kept.controller_port)
            log = broker.start(
                node, [node], cluster_id=kept.cluster_id, jars=files, folder=data / "kafka", log=logs / "kafka.log"
            )
            stack.callback(log.stop, seconds=STOP_SECONDS)
            waits.append((log, lambda: broker.is_ready(kept.kafka_port)))
        for process, ready in waits:
            process.wait_until(ready, seconds=READY_SECONDS)
        return Engines(
            f"{LOOPBACK}:{kept.kafka_port}" if kafka else "",
            f"redis://:{kept.redis_password}@{LOOPBACK}:{kept.redis_port}/0" if redis else "",
            tuple(process for process, _ in waits),
            stack.pop_all(),
        )
    raise AssertionError  # an ExitStack without suppressing callbacks lets every error through


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
