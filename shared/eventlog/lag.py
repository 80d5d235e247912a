"""How far a consumer group is behind the log: in records, and in time."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from shared.eventlog.port import Log, Standing, TopicPartition

_POLL_SECONDS = 0.2
_MOST = 500


def lag(log: Log, group: str, topics: Collection[str]) -> int:
    """Offsets between where a group stands and the ends of topics. Raises `UnknownTopic` or `LogUnavailable`."""
    return sum(each.lag for each in log.standings(group, topics).values())


def oldest(log: Log, standings: Mapping[TopicPartition, Standing], *, seconds: float) -> dict[TopicPartition, int]:
    """When the first record that a group has not read was appended, in the log's milliseconds.

    Left out is a partition that has none, or that did not answer within so many seconds. Raises `UnknownTopic` or
    `LogUnavailable`.
    """
    found: dict[TopicPartition, int] = {}
    missing = {at: standing for at, standing in standings.items() if standing.lag}
    if not missing:
        return found
    deadline = time.monotonic() + seconds
    reader = log.assign(missing, glance=True)
    try:
        for at, standing in missing.items():
            reader.seek(at, standing.position)
        while missing and time.monotonic() < deadline:
            for record in reader.poll(timeout=_POLL_SECONDS, most=_MOST):
                found.setdefault(record.at, record.timestamp)
            done = [at for at, standing in missing.items() if at in found or reader.position(at) >= standing.end]
            reader.pause(done)
            for at in done:
                del missing[at]
    finally:
        reader.close()
    return found
