"""Apache Kafka in KRaft mode, broker and controller in one process, on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.embedded import java
from shared.embedded.errors import EnginesError
from shared.embedded.ports import LOOPBACK
from shared.embedded.process import Process

_FOR_EVER_MINUTES = 2**31 - 1
_API_VERSIONS = struct.pack(">ihhih", 10, 18, 0, 1, -1)
"""The protocol's ApiVersions request, version 0: length, api key, version, correlation id, no client id."""


@dataclass(frozen=True, slots=True)
class Node:
    """One broker of a cluster that is this machine's alone."""

    number: int
    port: int
    controller_port: int


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
        f"-Dlog4j2.configurationFile={_logging(folder, log).absolute()}",
        "-Dlog4j2.disableJmx=true",
    ]
    virtual_machine: list[str | Path] = [java.find(), *options, "-cp", os.pathsep.join(str(jar) for jar in jars)]
    data = folder / "log"
    if not data.exists():
        _format(virtual_machine, _properties(node, nodes, folder / "log.new"), folder, cluster_id)
    return Process(
        "Kafka",
        [*virtual_machine, "kafka.Kafka", _write(folder, _properties(node, nodes, data))],
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
    command = [*virtual_machine, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", _write(folder, properties)]
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


def _properties(node: Node, nodes: Sequence[Node], data: Path) -> dict[str, object]:
    copies = min(3, len(nodes))
    in_sync = max(1, copies - 1)
    return {
        "process.roles": "broker,controller",
        "node.id": node.number,
        "controller.quorum.voters": ",".join(f"{n.number}@{LOOPBACK}:{n.controller_port}" for n in nodes),
        "listeners": f"PLAINTEXT://{LOOPBACK}:{node.port},CONTROLLER://{LOOPBACK}:{node.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{node.port}",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": data.absolute(),
        # What the services rely on: only catalogued topics, the log's own clock, nothing forgotten.
        "auto.create.topics.enable": "false",
        "log.message.timestamp.type": "LogAppendTime",
        "offsets.retention.minutes": _FOR_EVER_MINUTES,
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": 1,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        "transaction.state.log.num.partitions": 1,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": in_sync,
        "share.coordinator.state.topic.num.partitions": 1,
        # A killed worker's place and its open transaction are free again soon.
        "group.initial.rebalance.delay.ms": 10,
        "group.min.session.timeout.ms": 1000,
        "transaction.abort.timed.out.transaction.cleanup.interval.ms": 1000,
        # After a kill the broker's own former registration is waited out; the default is 9 s.
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        # On the disk within a second, as the store's append-only file is; little to read again after a kill.
        "log.flush.interval.ms": 1000,
        "log.flush.scheduler.interval.ms": 1000,
        "log.segment.bytes": 128 << 20,
        "log.index.size.max.bytes": 2 << 20,
        # One small machine, shared with the workers.
        "num.network.threads": 2,
        "num.io.threads": 4,
        "num.recovery.threads.per.data.dir": 2,
        "background.threads": 2,
        "log.cleaner.threads": 1,
        "log.cleaner.dedupe.buffer.size": 16 << 20,
    }


def _write(folder: Path, properties: Mapping[str, object]) -> Path:
    path = folder / "server.properties"
    path.write_text(java.properties(properties))
    return path.absolute()


def _logging(folder: Path, log: Path) -> Path:
    """Warnings and errors, in two files of at most 4 MB."""
    path = folder / "log4j2.properties"
    properties = {
        "status": "error",
        "appender.file.type": "RollingFile",
        "appender.file.name": "file",
        "appender.file.fileName": log.absolute(),
        "appender.file.filePattern": f"{log.absolute()}.%i",
        "appender.file.layout.type": "PatternLayout",
        "appender.file.layout.pattern": "%d{ISO8601} %p %c: %m%n",
        "appender.file.policies.type": "SizeBasedTriggeringPolicy",
        "appender.file.policies.size": "4MB",
        "appender.file.strategy.type": "DefaultRolloverStrategy",
        "appender.file.strategy.max": 1,
        "rootLogger.level": "warn",
        "rootLogger.appenderRef.file.ref": "file",
    }
    path.write_text(java.properties(properties))
    return path
