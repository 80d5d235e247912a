"""How the embedded Kafka is set: nothing forgotten, what was killed free again soon, small on a small machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.embedded.ports import LOOPBACK

_FOR_EVER_MINUTES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Node:
    """One broker of a cluster that is this machine's alone."""

    number: int
    port: int
    controller_port: int


def properties_of(node: Node, nodes: Sequence[Node], data: Path) -> dict[str, object]:
    """Of one node of `nodes`, with its log in the folder `data`."""
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


def logging_properties(log: Path) -> dict[str, object]:
    """Of its log: warnings and errors, in two files of at most 4 MB."""
    return {
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
