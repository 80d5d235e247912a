"""The intake of events, the same at each door: check, then append under the subject's key (DESIGN.md section 5).

`events:write` is enough for every type that a door takes, register entries too: an organ's own topic carries them with
the same checks, and they change no score. `registry:write` is for the routes that keep the register itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from shared.eventlog.port import Appended, Appender, LogUnavailable, Message
from shared.events.catalogue import catalogue
from shared.events.envelope import Event
from shared.events.kafka_codec import encode


class Accepted(NamedTuple):
    """An event that the log has acknowledged; `position` is its place in what was sent."""

    position: int
    event: Event
    place: Appended

    @property
    def recorded_at(self) -> datetime:
        """The log's append time: from now on the earliest moment at which this was known."""
        return datetime.fromtimestamp(self.place.timestamp / 1000, UTC)


class Outcome(NamedTuple):
    """What became of events that were appended: those that are in, and the indexes of those that are not."""

    accepted: list[Accepted]
    missing: list[int]


def topic_of(event: Event, prefix: str) -> str:
    """The full name of the topic that an event goes to."""
    return f"{prefix}{catalogue().topic_of(event.type)}.v1"


def message_of(event: Event, prefix: str) -> Message:
    """The record of a checked event: in its type's topic, keyed by its subject."""
    headers, value = encode(event)
    return Message(topic_of(event, prefix), event.subject.encode(), value, headers)


def append(appender: Appender, events: Sequence[Event], prefix: str) -> Outcome:
    """Append checked events and wait for the log. Raises `LogUnavailable` where none went in."""
    if not events:
        return Outcome([], [])
    answers = appender.append([message_of(event, prefix) for event in events])
    accepted = [
        Accepted(index, event, answer)
        for index, (event, answer) in enumerate(zip(events, answers, strict=True))
        if not isinstance(answer, LogUnavailable)
    ]
    if not accepted:
        raise LogUnavailable("no event was acknowledged")
    return Outcome(accepted, [index for index, answer in enumerate(answers) if isinstance(answer, LogUnavailable)])
