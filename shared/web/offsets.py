"""How far workers have told the log that they are, followed by the web processes that read what they keep."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from shared.eventlog.port import Log, TopicPartition
from shared.store.keys import field_of
from shared.web.background import FIRST_READ, Repeated


def follow_committed(
    log: Log, group: str, topics: Collection[str], partitions: int
) -> Callable[[int], Mapping[str, int]]:
    """Follow workers' offsets in a thread, by partition; the last ones that were read serve on when the log is down."""
    places = [TopicPartition(topic, number) for topic in topics for number in range(partitions)]
    read: dict[int, dict[str, int]] = {number: {} for number in range(partitions)}

    def refresh() -> None:
        for at, offset in log.committed(group, places).items():
            read[at.partition][field_of(at)] = offset

    Repeated(f"offsets of {group}", refresh).start(patience=FIRST_READ)
    return read.__getitem__
