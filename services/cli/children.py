"""The processes that `chengxin up` runs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from services.cli.installation import say
from shared.embedded.process import Process
from shared.settings import Settings

_STOP_SECONDS = 20.0


class Children:
    """The processes of this installation: apart from the terminal, restarted when they die, stopped last one first."""

    def __init__(self, found: Settings, more: Mapping[str, str]) -> None:
        """`more` is put into their environment beside the settings."""
        self._home = found.home
        # A secret in a file was read already: its value and its file together would be refused.
        own = found.environment()
        self._environment = {n: v for n, v in os.environ.items() if n.removesuffix("_FILE") not in own} | own
        self._environment |= more
        self._running: dict[str, tuple[Process, list[str]]] = {}

    def start(self, name: str, command: list[str]) -> None:
        logs, data = self._home / "logs", self._home / "data"
        process = Process(
            name,
            [Path(command[0]), *command[1:]],
            pid_file=data / f"{name}.pid",
            log=logs / f"{name}.log",
            environment=self._environment,
        )
        self._running[name] = process, command

    def restart_dead(self) -> None:
        for name, (process, command) in list(self._running.items()):
            if not process.running():
                say(f"{name} has stopped by itself and is started again; see {process.log}")
                self.start(name, command)

    def stop(self) -> None:
        for process, _ in reversed(self._running.values()):
            process.stop(seconds=_STOP_SECONDS)
