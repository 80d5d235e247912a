"""One engine as a child process: started apart from the terminal, found again after a crash, stopped in order."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from shared.embedded.errors import EnginesError

TETHER = Path(__file__).with_name("tether.py")
_LOG_BYTES = 4 << 20
_TICK_SECONDS = 0.02


class Process:
    """A running engine. It is in a session of its own, so the terminal's Ctrl-C does not reach it."""

    def __init__(
        self, name: str, command: Sequence[str | Path], *, pid_file: Path, log: Path, environment: Mapping[str, str]
    ) -> None:
        """Start it. Linux ends it with the *thread* that called this: call from one that lasts (the main one)."""
        end_stale(pid_file)
        self.name, self.log, self._pid_file = name, log, pid_file
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".old.log"))
        tethered = [sys.executable, "-I", "-S", TETHER, str(os.getpid()), *command]
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                tethered,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=environment,
            )
        pid_file.write_text(f"{self._child.pid} {psutil.Process(self._child.pid).create_time()}\n")

    @property
    def pid(self) -> int:
        return self._child.pid

    def running(self) -> bool:
        return self._child.poll() is None

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait for `ready`. Raises `EnginesError` when the process dies or the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running():
                raise EnginesError(
                    f"{self.name} stopped while starting (exit {self._child.returncode}); see {self.log}"
                )
            if time.monotonic() > deadline:
                raise EnginesError(f"{self.name} was not ready after {seconds:.0f} s; see {self.log}")
            time.sleep(_TICK_SECONDS)

    def stop(self, *, seconds: float) -> None:
        """End it in order, and after `seconds` at once."""
        if self.running():
            self._child.terminate()
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._pid_file.unlink(missing_ok=True)


def environment() -> dict[str, str]:
    """What an engine is given of this process's environment: our settings, with their secrets, are not for it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CHENGXIN_")}


def end_stale(pid_file: Path) -> None:
    """End the process a crashed owner left behind. Its start time tells it from a stranger with the same number."""
    try:
        pid, created = pid_file.read_text().split()
        process = psutil.Process(int(pid))
        if process.create_time() == float(created):
            process.kill()
            process.wait(30)
    except (OSError, ValueError, psutil.NoSuchProcess):
        pass
    except psutil.Error as error:
        raise EnginesError(f"process {pid_file} names cannot be ended: {error}") from None
    pid_file.unlink(missing_ok=True)
