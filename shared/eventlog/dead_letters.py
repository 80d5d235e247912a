"""Dead letters: records that cannot be accepted, kept with their original bytes and the reason why.

A letter goes to `<topic>.<group>.dlq` under the original key, with the original value and headers (unless these are too
large together), and in headers of its own where it came from and why. (topic, partition, offset, group) identifies it:
reading a record again may write its letter again, and readers drop the repeat.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from shared.eventlog.port import Message, Record
from shared.eventlog.topics import ENDING, dead_letters_of

Reason = Literal["not-decodable", "schema", "out-of-bounds", "unknown-code", "id-conflict", "misrouted"]
REASONS: tuple[Reason, ...] = get_args(Reason)

_PREFIX = "dlq-"
_OWN = 8
_DETAIL_CHARACTERS = 1000
"""A longer detail is cut."""
MOST_ATTEMPTS = 1_000_000
MOST_BYTES = 8 << 20
"""A larger record (it may be small as long as an organ's client compresses it) is not copied, neither key nor value
nor headers: the log takes no letter of that size, and its topic would stand still. It lies where it was, which the
letter says."""
_NO_KEY = b""
"""Stands for none where there is no value either: Kafka's client sends no record with neither."""
_HEADER_BYTES = 11
"""At most what Kafka writes of a header beside its name and value: their lengths, and so of an empty one too."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter, read back: the record as it was (its append time too), and why it lies here."""

    record: Record
    group: str
    reason: str
    detail: str
    attempts: int

    @property
    def identity(self) -> tuple[str, int, int, str]:
        return (self.record.topic, self.record.partition, self.record.offset, self.group)


def dead_letter(record: Record, group: str, reason: Reason, detail: str, *, attempts: int | None = None) -> Message:
    """The letter for a record that `group` cannot accept. `detail` is for its sender and names no person.

    A record that is a dead letter itself (a replay that failed again) keeps its first headers beneath the new ones;
    `attempts` is one more than theirs unless given.
    """
    own = {
        "original-topic": record.topic,
        "original-partition": record.partition,
        "original-offset": record.offset,
        "original-timestamp": record.timestamp,
        "consumer-group": group,
        "error-type": reason,
        "error-detail": detail[:_DETAIL_CHARACTERS],
        "attempts": min(MOST_ATTEMPTS, attempts_before(record) + 1) if attempts is None else attempts,
    }
    headers = tuple((_PREFIX + name, str(value).encode()) for name, value in own.items())
    topic = dead_letters_of(record.topic, group)
    if size_of(record) > MOST_BYTES:
        return Message(topic, _NO_KEY, None, headers)
    key = _NO_KEY if record.key is None and record.value is None else record.key
    return Message(topic, key, record.value, record.headers + headers)


def size_of(record: Record) -> int:
    """Bytes of a record's key, value and headers, at most."""
    headers = sum(len(name.encode()) + len(value or b"") + _HEADER_BYTES for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers


def sort_of(message: Message) -> tuple[str, str] | None:
    """The topic that a letter's record came from, and why it lies here; None for a message that is no letter."""
    if not message.topic.endswith(ENDING):
        return None
    own = dict(message.headers[-_OWN:])
    topic, reason = (own[_PREFIX + name] or b"" for name in ("original-topic", "error-type"))
    return topic.decode(), reason.decode()


def attempts_before(record: Record) -> int:
    """How often a record had been refused when it was sent again; 0 for one that is no replay."""
    try:
        return parse(record).attempts
    except ValueError:
        return 0


def replay(letter: Record) -> Message:
    """The message that sends a letter's record again: the same key, value and headers, to the same partition.

    Beneath lie the headers of this letter alone, by which the next refusal counts on, however often it was sent before.
    Raises `ValueError` when it is no letter.
    """
    refused = parse(letter).record
    first = refused
    while attempts_before(first):
        first = parse(first).record
    headers = first.headers + letter.headers[-_OWN:]
    return Message(refused.topic, letter.key, letter.value, headers, refused.partition)


def parse(letter: Record) -> DeadLetter:
    """Read a letter back. Raises `ValueError` when it is none."""
    kept, own_headers = letter.headers[:-_OWN], letter.headers[-_OWN:]
    own = {name.removeprefix(_PREFIX): (value or b"").decode("utf-8", "replace") for name, value in own_headers}
    try:
        original = replace(
            letter,
            topic=own["original-topic"],
            partition=int(own["original-partition"]),
            offset=int(own["original-offset"]),
            timestamp=int(own["original-timestamp"]),
            headers=kept,
        )
        attempts = int(own["attempts"])
        found = DeadLetter(original, own["consumer-group"], own["error-type"], own["error-detail"], attempts)
    except (KeyError, ValueError) as error:
        raise ValueError(f"no dead letter: its own headers are missing or wrong: {error}") from None
    if not 1 <= attempts <= MOST_ATTEMPTS:
        raise ValueError(f"no dead letter: attempts must be from 1 to {MOST_ATTEMPTS}")
    return found
