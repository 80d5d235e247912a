"""Other people's Kafka clients, as an organ's own systems use them: they know nothing of ours."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from confluent_kafka import Producer

from shared.embedded import jars, java

LOCK = Path(__file__).with_name("console_producer.lock.toml")
SECONDS = 60


def librdkafka(kafka: str, topic: str, value: bytes, headers: Sequence[tuple[str, bytes]]) -> None:
    """Write a record without a key, with the default settings of librdkafka."""
    faults: list[object] = []
    producer = Producer({"bootstrap.servers": kafka})
    producer.produce(topic, value, headers=list(headers), on_delivery=lambda fault, _: faults.append(fault))
    assert producer.flush(SECONDS) == 0
    assert faults == [None]


def console_producer(cache: Path, kafka: str, topic: str, lines: Sequence[str], *options: str) -> None:
    """Write a record for each line, without a key, by `kafka-console-producer.sh` of Apache Kafka."""
    found = [*jars.fetch(cache, progress=print), *jars.fetch(cache, progress=print, lock=LOCK)]
    line = [str(java.find()), "-cp", os.pathsep.join(map(str, found)), "org.apache.kafka.tools.ConsoleProducer"]
    subprocess.run(
        [*line, "--bootstrap-server", kafka, "--topic", topic, *options],
        input="".join(f"{each}\n" for each in lines).encode(),
        env=java.environment(),
        timeout=SECONDS,
        check=True,
    )
