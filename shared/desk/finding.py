"""Where an event lies on the log, whether it was applied, and whether it is a dead letter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from shared.desk.letters import Identity, Letter, Place
from shared.desk.reading import Box, names_of
from shared.eventlog import dead_letters
from shared.eventlog.following import Follower
from shared.eventlog.port import Log, Record, TopicPartition

MOST_FOUND = 100
"""Places of one event that are told."""
_PROGRESS_EVERY = 50_000
_POLL_SECONDS = 1.0


class Found(NamedTuple):
    """A record: where it lies, since when (the log's milliseconds), and what became of it.

    `applied` says of each group that judges its topic whether it has committed a position beyond the record; `letters`
    are those written because of it.
    """

    place: Place
    recorded: int
    source: str
    id: str
    type: str
    applied: Mapping[str, bool]
    letters: list[Letter]


class NoRecord(Exception):
    """Nothing lies at that place; a sentence that says why."""


def record_at(log: Log, place: Place) -> Record:
    """The record at a place. Raises `NoRecord`, `UnknownTopic`, `LogUnavailable`."""
    if not 0 <= place.partition < (number := log.partitions(place.topic)):
        raise NoRecord(f"{place.topic} has partitions 0 to {number - 1}")
    at = TopicPartition(place.topic, place.partition)
    reader = log.assign([at])
    try:
        first, end = reader.beginning_offsets([at])[at], reader.end_offsets([at])[at]
        if not first <= place.offset < end:
            raise NoRecord(f"its partition holds offsets {first} to {end - 1}" if end > first else "it is empty")
        reader.seek(at, place.offset)
        while reader.position(at) <= place.offset:
            for record in reader.poll(timeout=_POLL_SECONDS, most=1):
                if record.offset == place.offset:
                    return record
    finally:
        reader.close()
    raise NoRecord("this offset is not that of a record: it ends a transaction, or was compacted away")


def records_of(
    log: Log, places: Collection[TopicPartition], source: str, id_: str, progress: Callable[[int], None]
) -> Iterator[Record]:
    """Every record of an event with this source and id, by reading the places from their beginning.

    There is no index of ids: this takes as long as the log is. Raises `UnknownTopic`, `LogUnavailable`.
    """
    needle, follower = id_.encode(), Follower(log, places)
    try:
        for number, record in enumerate(follower.news(), 1):
            if number % _PROGRESS_EVERY == 0:
                progress(number)
            named = any(value == needle for name, value in record.headers if name.lower() == "ce_id")
            # An organ may write the id into the value (CloudEvents' structured mode), escaped as it likes.
            if (named or not _has_id(record)) and names_of(record)[:2] == (source, id_):
                yield record
    finally:
        follower.close()


def described(
    record: Record,
    boxes: Collection[Box],
    letters: Mapping[Identity, Letter],
    committed: Callable[[str, TopicPartition], int],
) -> Found:
    """What became of a record. A dead letter's own record is told as the letter."""
    place = Place(record.topic, record.partition, record.offset)
    source, id_, type_, _ = names_of(record)
    if any(box.topic == record.topic for box in boxes):
        about = [Identity(*dead_letters.parse(record).identity)]
        groups = []
    else:
        groups = [box.group for box in boxes if box.source == record.topic]
        about = [Identity(*place, group) for group in groups]
    applied = {group: committed(group, record.at) > record.offset for group in groups}
    return Found(
        place, record.timestamp, source, id_, type_, applied, [letters[each] for each in about if each in letters]
    )


def _has_id(record: Record) -> bool:
    return any(name.lower() == "ce_id" for name, _ in record.headers)
