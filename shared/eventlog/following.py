"""Reading partitions from their beginning and on: each call to their present end, anew after a failure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from shared.eventlog.port import Log, Record, Subscription, TopicPartition

_TIMEOUT = 1.0
_MOST = 10_000


class Follower:
    """For topics that are kept in memory whole, where reading a record again changes nothing; one thread at a time."""

    def __init__(self, log: Log, places: Collection[TopicPartition]) -> None:
        self._log = log
        self._places = places
        self._reader: Subscription | None = None

    def news(self) -> Iterator[Record]:
        """What came since the last call, up to the end as it is now. Raises `LogUnavailable`, `UnknownTopic`.

        A call that was not read to its end makes the next one begin with the first record: nothing is left out.
        """
        try:
            if self._reader is None:
                self._reader = self._log.assign(self._places)
            ends = self._reader.end_offsets(self._places)
            while any(self._reader.position(at) < end for at, end in ends.items()):
                yield from self._reader.poll(timeout=_TIMEOUT, most=_MOST)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the log."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()
