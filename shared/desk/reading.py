"""Reading every dead letter of an installation, and what was done about it, to the present end of the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from sys import intern
from typing import NamedTuple

import structlog

from shared.desk.letters import Act, Identity, Letter, Parked, Place, Replayed, State, derived, mark_of
from shared.eventlog import dead_letters, topics
from shared.eventlog.following import Follower
from shared.eventlog.port import Log, Record, TopicPartition
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode
from shared.events.types.dead_letter_parked import DEAD_LETTER_PARKED
from shared.events.types.dead_letter_replayed import DEAD_LETTER_REPLAYED

MOST_LETTERS = 1_000_000
"""Held in memory at once, at most some hundred bytes each."""
_CHARACTERS = 200
_OTHER = "other"

logger = structlog.get_logger()


class TooManyLetters(Exception):
    """More than can be held: narrow by topic."""


@dataclass(frozen=True, slots=True)
class Box:
    """A topic of dead letters: what `group` refused of `source`."""

    topic: str
    source: str
    group: str
    partitions: int


def boxes(prefix: str, partitions: int, organs: Collection[str]) -> list[Box]:
    """All topics of dead letters of an installation."""
    wanted = {each.name: each.partitions for each in topics.wanted(prefix, partitions, organs)}
    return [
        Box(letters, name, group, number)
        for name, number in wanted.items()
        for group in (topics.INGEST, topics.SCORING)
        if (letters := topics.dead_letters_of(name, group)) in wanted
    ]


def within(found: Collection[Box], topics: Collection[str]) -> list[Box]:
    """The boxes of letters from some topics, by their full names; all of them where none is given."""
    return [box for box in found if not topics or box.source in topics]


def committed_in(log: Log, found: Collection[Box]) -> dict[tuple[str, TopicPartition], int]:
    """How far the groups of some boxes have come: to be asked before the letters are read."""
    committed: dict[tuple[str, TopicPartition], int] = {}
    for group in sorted({box.group for box in found}):
        places = [TopicPartition(b.source, n) for b in found if b.group == group for n in range(b.partitions)]
        committed |= {(group, at): offset for at, offset in log.committed(group, places).items()}
    return committed


def read(log: Log, found: Collection[Box], audit: str) -> dict[Identity, Letter]:
    """Every letter of some boxes in its state. Raises `LogUnavailable`, `UnknownTopic`, `TooManyLetters`."""
    committed = committed_in(log, found)
    letters: list[Letter] = []
    for record in _news(log, [box.topic for box in found]):
        if letter := letter_of(record):
            letters.append(letter)
        if len(letters) > MOST_LETTERS:
            raise TooManyLetters(f"there are more than {MOST_LETTERS:,} dead letters: narrow by topic")
    acts = [act for record in _news(log, [audit]) for act in [act_of(record)] if act is not None]
    return derived(letters, acts, committed)


class Sort(NamedTuple):
    """By what letters are counted: the topic that they come from, why they were refused, their state."""

    topic: str
    reason: str
    state: State


def counted(log: Log, found: Collection[Box], audit: str, *, most: int) -> Counter[Sort] | None:
    """How many letters there are of each sort; None where more records than these would have to be read for it.

    What a letter says of itself and is no topic or reason of ours counts as `other`: sorts are few. Raises
    `LogUnavailable`, `UnknownTopic`.
    """
    places = [TopicPartition(name, 0) for name in (*(box.topic for box in found), audit)]
    reader = log.assign(places, glance=True)
    try:
        beginnings, ends = reader.beginning_offsets(places), reader.end_offsets(places)
    finally:
        reader.close()
    if sum(ends[at] - beginnings[at] for at in places) > most:
        return None
    topics = {box.source for box in found}
    return Counter(
        Sort(
            letter.identity.topic if letter.identity.topic in topics else _OTHER,
            letter.reason if letter.reason in dead_letters.REASONS else _OTHER,
            letter.state,
        )
        for letter in read(log, found, audit).values()
    )


def letter_of(record: Record) -> Letter | None:
    """The letter that a record of a box holds, without its content; None, and a line in the logs, where it is none."""
    try:
        dead = dead_letters.parse(record)
    except ValueError:
        logger.warning("not_a_dead_letter", topic=record.topic, offset=record.offset)
        return None
    source, id_, type_, subject = names_of(dead.record)
    topic, partition, offset, group = dead.identity
    return Letter(
        Identity(intern(topic), partition, offset, intern(group)),
        Place(intern(record.topic), record.partition, record.offset),
        dead.record.timestamp,
        record.timestamp,
        intern(dead.reason),
        intern(dead.detail),
        dead.attempts,
        intern(source),
        id_,
        intern(type_),
        mark_of(subject) if subject else b"",
    )


def names_of(record: Record) -> tuple[str, str, str, str]:
    """Source, id, type and subject of the event in a record, as far as they can be read; never its content."""
    try:
        event = decode(record.headers, record.value)
    except BadEnvelope:
        said = {name.lower(): value or b"" for name, value in record.headers}
        source, id_, type_, subject = (
            said.get(f"ce_{name}", b"").decode("utf-8", "replace")[:_CHARACTERS]
            for name in ("source", "id", "type", "subject")
        )
        return source, id_, type_, subject
    return event.source, event.id, event.type, event.subject


def act_of(record: Record) -> Act | None:
    """What an audit event says was done about a letter; None for any other event."""
    try:
        event = decode(record.headers, record.value)
        if event.type not in (DEAD_LETTER_REPLAYED, DEAD_LETTER_PARKED):
            return None
        data = event.data
        identity = Identity(data["topic"], data["partition"], data["offset"], data["group"])
        if event.type == DEAD_LETTER_PARKED:
            return Parked(identity, data["by"], data["reason"])
        to = data["to"]
        return Replayed(identity, Place(to["topic"], to["partition"], to["offset"]), data["by"])
    except (BadEnvelope, KeyError, TypeError) as error:
        logger.warning("audit_record_unreadable", offset=record.offset, error=type(error).__name__)
        return None


def _news(log: Log, names: Collection[str]) -> Iterator[Record]:
    follower = Follower(log, [TopicPartition(name, 0) for name in names])
    try:
        yield from follower.news()
    finally:
        follower.close()
