"""Dead letters with their states, derived anew from the log each time: nothing is stored anywhere else (pure).

`open`: nobody has done anything about it. `replayed`: it was sent again, and its group has not come past that place
yet, or has refused it again there (`succeeded_by` is the newer letter, open in its stead). `resolved`: put aside by
hand, or sent again and taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from shared.eventlog.port import TopicPartition
from shared.registry.subject import normalise_subject_id

State = Literal["open", "replayed", "resolved"]
STATES: tuple[State, ...] = ("open", "replayed", "resolved")


class Identity(NamedTuple):
    """Where the refused record lies and who refused it; written `TOPIC:PARTITION:OFFSET:GROUP`."""

    topic: str
    partition: int
    offset: int
    group: str

    def __str__(self) -> str:
        return f"{self.topic}:{self.partition}:{self.offset}:{self.group}"


class Place(NamedTuple):
    """Where a record lies; written `TOPIC:PARTITION:OFFSET`."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}:{self.partition}:{self.offset}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter without its content: `at` is its own place; times are the log's, in milliseconds; `subject` is the
    mark of the subject that its event names, empty where that cannot be read.
    """

    identity: Identity
    at: Place
    recorded: int
    refused: int
    reason: str
    detail: str
    attempts: int
    source: str
    id: str
    type: str
    subject: bytes = b""
    state: State = "open"
    replayed_to: Place | None = None
    succeeded_by: Identity | None = None
    by: str = ""
    why: str = ""


def mark_of(subject_id: str) -> bytes:
    """By what a subject is known again: letters are listed, and hold no subject."""
    return hashlib.blake2b(normalise_subject_id(subject_id).encode(), digest_size=8).digest()


class Replayed(NamedTuple):
    """An audit event: a letter was sent again."""

    identity: Identity
    to: Place
    by: str


class Parked(NamedTuple):
    """An audit event: a letter was put aside."""

    identity: Identity
    by: str
    why: str


Act = Replayed | Parked


def derived(
    letters: Iterable[Letter], acts: Iterable[Act], committed: Mapping[tuple[str, TopicPartition], int]
) -> dict[Identity, Letter]:
    """Every letter once, in the order given, in its state. `committed` is by group and topic partition.

    `committed` must have been read before the letters: a group commits together with its letters, so that one which
    is past a place has told of it.
    """
    known: dict[Identity, Letter] = {}
    for letter in letters:
        known.setdefault(letter.identity, letter)
    for act in acts:
        if act.identity not in known:
            continue
        letter = known[act.identity]
        if isinstance(act, Parked):
            known[act.identity] = replace(letter, state="resolved", by=act.by, why=act.why)
        elif letter.state != "resolved":
            known[act.identity] = replace(letter, state="replayed", by=act.by, replayed_to=act.to)
    for identity, letter in known.items():
        if letter.state == "replayed" and (to := letter.replayed_to):
            newer = Identity(*to, identity.group)
            taken = committed.get((identity.group, TopicPartition(to.topic, to.partition)), 0) > to.offset
            if newer in known:
                known[identity] = replace(letter, succeeded_by=newer)
            elif taken:
                known[identity] = replace(letter, state="resolved")
    return known


@dataclass(frozen=True, slots=True)
class Wish:
    """Which letters are meant; an empty member means all. Topics are full names; ids may lack the group."""

    topics: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()

    def takes(self, letter: Letter) -> bool:
        """Whether it is meant."""
        names = {str(letter.identity), str(Place(*letter.identity[:3]))}
        return (
            (not self.topics or letter.identity.topic in self.topics)
            and (not self.reasons or letter.reason in self.reasons)
            and (not self.ids or not self.ids.isdisjoint(names))
            and (not self.states or letter.state in self.states)
        )


def standing(letter: Letter) -> str:
    """Why a letter is not open, in a few words."""
    if letter.succeeded_by:
        return f"was sent again and refused again as {letter.succeeded_by}"
    if letter.state == "replayed":
        return f"was sent again to {letter.replayed_to}"
    return "was put aside" if letter.why else f"is resolved by {letter.replayed_to}"
