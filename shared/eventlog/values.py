"""Reading single records of a partition, by their offsets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.eventlog.port import Log, TopicPartition

_TIMEOUT = 1.0


class Lost(Exception):
    """The log does not hold a record any more."""


def values_at(log: Log, at: TopicPartition, offsets: Sequence[int], most: int) -> Iterator[bytes]:
    """The values of records, in this order; so many are in memory at once. Raises `Lost`, `LogUnavailable`."""
    if not offsets:
        return
    reader = log.assign([at])
    held: dict[int, bytes] = {}
    try:
        for offset in offsets:
            if offset not in held:
                held.clear()
                if reader.position(at) != offset:
                    reader.seek(at, offset)
            while offset not in held:
                if reader.position(at) > offset:
                    raise Lost(f"the log has lost the record {offset} of {at.topic}")
                for record in reader.poll(timeout=_TIMEOUT, most=most):
                    held[record.offset] = record.value or b""
            yield held.pop(offset)
    finally:
        reader.close()
