"""Apache Kafka in KRaft mode, broker and controller in one process, on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from shared.embedded import java
from shared.embedded.broker_properties import Node, logging_properties, properties_of
from shared.embedded.errors import EnginesError
from shared.embedded.ports import LOOPBACK
from shared.embedded.process import Process

_API_VERSIONS = struct.pack(">ihhih", 10, 18, 0, 1, -1)
"""The protocol's ApiVersions request, version 0: length, api key, version, correlation id, no client id."""


def start(
    node: Node, nodes: Sequence[Node], *, cluster_id: str, jars: Sequence[Path], folder: Path, log: Path
) -> Process:
    """Start one node on its folder, formatted first where it is new. Not ready yet: see `is_ready`."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    options: list[str | Path] = [
        "-Xms128m",
        "-Xmx768m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:auto",
        "-XX:-UsePerfData",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        f"-Djava.io.tmpdir={temporary.absolute()}",
        f"-Dlog4j2.configurationFile={_write(folder / 'log4j2.properties', logging_properties(log))}",
        "-Dlog4j2.disableJmx=true",
    ]
    virtual_machine: list[str | Path] = [java.find(), *options, "-cp", os.pathsep.join(str(jar) for jar in jars)]
    data = folder / "log"
    if not data.exists():
        _format(virtual_machine, properties_of(node, nodes, folder / "log.new"), folder, cluster_id)
    return Process(
        "Kafka",
        [*virtual_machine, "kafka.Kafka", _write(folder / "server.properties", properties_of(node, nodes, data))],
        pid_file=folder / "pid",
        log=log.with_suffix(".out.log"),
        environment=java.environment(),
    )


def is_ready(port: int) -> bool:
    """Whether the broker answers requests; its port is open a second before that."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(_API_VERSIONS)
            return len(connection.recv(4)) > 0
    except OSError:
        return False


def _format(
    virtual_machine: Sequence[str | Path], properties: Mapping[str, object], folder: Path, cluster: str
) -> None:
    """Make a new log directory aside and move it into place whole: an interruption leaves none."""
    new = folder / "log.new"
    shutil.rmtree(new, ignore_errors=True)
    settings = _write(folder / "server.properties", properties)
    command = [*virtual_machine, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", settings]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=java.environment(),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    if done.returncode:
        raise EnginesError(f"Kafka cannot make its folder {new}: {(done.stderr or done.stdout).strip()[-500:]}")
    new.rename(folder / "log")


def _write(path: Path, properties: Mapping[str, object]) -> Path:
    path.write_text(java.properties(properties))
    return path.absolute()
