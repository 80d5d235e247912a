"""Creating the catalogue's topics on Kafka, and comparing those that are there. An existing topic is never altered."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError, for_code

from shared.eventlog.connection import Connection
from shared.eventlog.kafka_client import Patience, bounded, milliseconds, opened, options, translated
from shared.eventlog.port import LogUnavailable
from shared.eventlog.topics import Wanted

_MOST_COPIES = 3
_CREATE_SECONDS = 60.0
_ASKED_AGAIN, _BETWEEN_SECONDS = 50, 0.1


class Difference(NamedTuple):
    """A topic that is not as the catalogue wants it."""

    topic: str
    what: str
    found: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.what} is {self.found}, not {self.wanted}"


@dataclass(frozen=True, slots=True)
class Applied:
    """What `apply` did and found."""

    created: tuple[str, ...]
    existing: tuple[str, ...]
    differences: tuple[Difference, ...]


def apply(
    connection: Connection,
    wanted: Sequence[Wanted],
    *,
    replication: int = 0,
    min_insync: int = 0,
    patience: Patience | None = None,
) -> Applied:
    """Create what is missing, and compare the rest. Repeating it is harmless; two at once do not collide.

    `replication` 0 chooses 3 copies, or as many as there are brokers; `min_insync` 0 one less than copies, at least 1.
    Raises `LogUnavailable`.
    """
    waits = patience or Patience()
    with _admin(connection, waits) as admin:

        def act() -> Applied:
            copies = replication or min(_MOST_COPIES, len(admin.describe_cluster()["brokers"]))
            in_sync = min_insync or max(1, copies - 1)
            existing = _partitions(admin, wanted)
            missing = [topic for topic in wanted if topic.name not in existing]
            _create(admin, missing, copies, in_sync)
            found = _differences(admin, [topic for topic in wanted if topic.name in existing], existing, in_sync)
            return Applied(tuple(topic.name for topic in missing), tuple(sorted(existing)), tuple(found))

        with translated():
            return bounded(act, _CREATE_SECONDS + waits.answer)


class Unfit(Exception):
    """Topics on which no worker may run: the ledgers would rest on other times or other partitions."""


def refuse_unfit(connection: Connection, wanted: Sequence[Wanted]) -> None:
    """Raises `Unfit` for topics with another number of partitions or without the log's own time, or that are not there.

    Anything else that differs is for `topics apply` to show. Raises `LogUnavailable`.
    """
    unfit = [each for each in compare(connection, wanted) if each.what in ("partitions", "message.timestamp.type")]
    if unfit:
        raise Unfit("; ".join(map(str, unfit)))


def compare(
    connection: Connection, wanted: Sequence[Wanted], *, patience: Patience | None = None
) -> tuple[Difference, ...]:
    """How existing topics differ; a missing one differs in its partitions."""
    waits = patience or Patience()
    with _admin(connection, waits) as admin:

        def act() -> tuple[Difference, ...]:
            existing = _partitions(admin, wanted)
            absent = [
                Difference(t.name, "partitions", "0", str(t.partitions)) for t in wanted if t.name not in existing
            ]
            present = [topic for topic in wanted if topic.name in existing]
            return (*absent, *_differences(admin, present, existing, None))

        with translated():
            return bounded(act, 3 * waits.answer)


@contextmanager
def _admin(connection: Connection, patience: Patience) -> Iterator[KafkaAdminClient]:
    admin = opened(KafkaAdminClient, **options(connection, patience))
    try:
        yield admin
    finally:
        admin.close()


def _partitions(admin: KafkaAdminClient, wanted: Sequence[Wanted]) -> dict[str, int]:
    """Numbers of partitions of those topics that exist."""
    described: list[dict[str, Any]] = admin.describe_topics([topic.name for topic in wanted])
    return {topic["name"]: len(topic["partitions"]) for topic in described if not topic["error_code"]}


def _create(admin: KafkaAdminClient, missing: Sequence[Wanted], copies: int, in_sync: int) -> None:
    if not missing:
        return
    plans = {
        topic.name: {
            "num_partitions": topic.partitions,
            "replication_factor": copies,
            "configs": topic.configuration | {"min.insync.replicas": str(in_sync)},
        }
        for topic in missing
    }
    answer = admin.create_topics(plans, timeout_ms=milliseconds(_CREATE_SECONDS), raise_errors=False)
    for topic in answer["topics"]:
        error = for_code(topic["error_code"])
        if topic["error_code"] and error is not TopicAlreadyExistsError:
            raise LogUnavailable(f"{topic['name']} cannot be created: {topic['error_message'] or error.__name__}")
    admin.wait_for_topics(list(plans), timeout_ms=milliseconds(_CREATE_SECONDS))


def _differences(
    admin: KafkaAdminClient, present: Sequence[Wanted], partitions: dict[str, int], in_sync: int | None
) -> list[Difference]:
    if not present:
        return []
    described = _described(admin, [topic.name for topic in present])
    result = []
    for topic in present:
        if partitions[topic.name] != topic.partitions:
            number = str(partitions[topic.name])
            result.append(Difference(topic.name, "partitions", number, str(topic.partitions)))
        right = topic.configuration | ({"min.insync.replicas": str(in_sync)} if in_sync else {})
        for key, value in right.items():
            found = str(described[topic.name][key]["value"])
            if found != value:
                result.append(Difference(topic.name, key, found, value))
    return result


def _described(admin: KafkaAdminClient, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The settings of topics that exist; a broker that has not heard yet of one that was just made is asked again."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    for _ in range(_ASKED_AGAIN):
        described: dict[str, dict[str, Any]] = admin.describe_configs(resources, config_filter="all")["topic"]
        if all(described[name] for name in names):
            return described
        time.sleep(_BETWEEN_SECONDS)
    raise LogUnavailable("a broker does not know a topic that another has; the cluster is not whole")
