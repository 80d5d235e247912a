"""What an operator and a monitor ask of the workers' progress. Log and store are asked apart, so that one can be told
of while the other is down. Numbers alone: no subject and no content of an event is in them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from shared.eventlog import topics
from shared.eventlog.lag import oldest
from shared.eventlog.port import Log, Standing, TopicPartition
from shared.projection.breaker import Tally
from shared.projection.publishing import published
from shared.settings import Settings
from shared.store.breakers import Breakers
from shared.store.client import Store
from shared.store.counts import Counting, Counts
from shared.store.keys import Keys
from shared.store.notes import Note, notes

GROUPS = (topics.INGEST, topics.SCORING, topics.LOOKUP, topics.PEOPLE, topics.NOTIFY)
_OLDEST_SECONDS = 3.0


class Line(NamedTuple):
    """A topic partition and the group that reads it. `oldest` is when the first event that is not applied was
    appended, in the log's milliseconds; None where all are, or where the log did not tell in time.
    """

    group: str
    at: TopicPartition
    standing: Standing
    oldest: int | None

    def age(self, now: datetime) -> float | None:
        """Seconds for which the oldest event has not been applied."""
        return None if self.oldest is None else max(0.0, now.timestamp() - self.oldest / 1000)


class OfLog(NamedTuple):
    """What the log says: every partition that is read, and how many rulebooks are published."""

    lines: list[Line]
    rulebooks: int


class OfStore(NamedTuple):
    """What the store says: the tallies of bad events by partition, and the workers' notes by group and member."""

    counts: Counts
    tallies: dict[TopicPartition, Tally]
    notes: dict[tuple[str, str], Note]


def read_by_group(settings: Settings) -> dict[str, list[str]]:
    """The topics that each group reads."""
    prefix = settings.topic_prefix
    return {
        topics.INGEST: [prefix + topics.inbox_of(organ) for organ in settings.organs],
        topics.SCORING: [prefix + name for name in topics.SUBJECT_TOPICS],
        topics.LOOKUP: [prefix + topics.SCORES],
        topics.NOTIFY: [prefix + topics.SCORES],
        topics.PEOPLE: [prefix + name for name in topics.SUBJECT_TOPICS],
    }


def of_log(log: Log, settings: Settings) -> OfLog:
    """Raises `LogUnavailable` or `UnknownTopic`."""
    found = {group: log.standings(group, names) for group, names in read_by_group(settings).items()}
    times = oldest(log, {at: each for stands in found.values() for at, each in stands.items()}, seconds=_OLDEST_SECONDS)
    lines = [
        Line(group, at, standing, times.get(at)) for group, stands in found.items() for at, standing in stands.items()
    ]
    return OfLog(lines, len(published(log, settings.topic_prefix + topics.RULEBOOKS)))


def of_store(store: Store, settings: Settings, today: date) -> OfStore:
    """Raises `StoreUnavailable`."""
    keys = Keys(settings.key_prefix)
    names, numbers = read_by_group(settings)[topics.SCORING], range(settings.subject_partitions)
    places = [TopicPartition(name, number) for name in names for number in numbers]
    return OfStore(
        Counting(store, keys).counts(settings.subject_partitions, today),
        Breakers(store, keys).read(places),
        {(group, member): note for group in GROUPS for member, note in notes(store, keys, group).items()},
    )


def outdated(store: Store, settings: Settings, rulebooks: int) -> int:
    """How many summaries have yet to be made by so many rulebooks. Raises `StoreUnavailable`."""
    return Counting(store, Keys(settings.key_prefix)).outdated(rulebooks)
