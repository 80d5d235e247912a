"""A subject's ledger as it is kept: one entry per distinct fact, and a digest of them all.

A ledger only grows, and each entry keeps the earliest time at which it was recorded; so it is the same whatever way
and however often its facts arrived. Copies of one identity with other content are entries of their own: which of them
stands is for the score function to say (SCORING.md section 1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from sys import intern
from typing import Any

import orjson

from shared.credit.facts import Fact

Entries = dict[str, Fact]
"""Facts of one subject by field."""

EMPTY = ""
"""The digest of a ledger without entries."""

_BITS = 128
_CONTENT = 12


def field_of(fact: Fact) -> str:
    """The field of a fact: its identity, and a digest of its content to keep other copies apart."""
    content = orjson.dumps([fact.type, fact.time, fact.data], option=orjson.OPT_SORT_KEYS)
    return f"{fact.source}\n{fact.id}\n{hashlib.blake2b(content, digest_size=_CONTENT).hexdigest()}"


def value_of(fact: Fact) -> bytes:
    """The value of an entry: JSON, with `recorded_at` in milliseconds as the log stamps it."""
    return orjson.dumps(
        {"type": fact.type, "time": fact.time, "recorded_at": milliseconds(fact.recorded_at), "data": fact.data}
    )


def parse_entries(subject_id: str, stored: Mapping[bytes, bytes]) -> Entries:
    """The entries of a ledger as the store gives them."""
    entries: Entries = {}
    for key, value in stored.items():
        field = key.decode()
        source, id_, _ = field.split("\n")
        content: dict[str, Any] = orjson.loads(value)
        recorded_at = instant(content["recorded_at"])
        entries[field] = held(
            Fact(source, id_, content["type"], subject_id, content["time"], content["data"], recorded_at)
        )
    return entries


def held(fact: Fact) -> Fact:
    """The fact for one who holds many: texts that stand in many of them, such as codes and days, are one object.

    A subject with 100,000 facts takes a third less memory so, and is scored a tenth faster: equal texts are told by
    their address.
    """
    return fact._replace(
        source=intern(fact.source),
        type=intern(fact.type),
        subject=intern(fact.subject),
        data={
            name: intern(value) if type(value) is str and len(value) <= _SHORT else value
            for name, value in fact.data.items()
        },
    )


def merge(entries: Entries, facts: Iterable[Fact]) -> tuple[Entries, list[Fact]]:
    """The entries that facts add or move to an earlier `recorded_at`, and the facts that these displace."""
    added: Entries = {}
    displaced: list[Fact] = []
    for fact in facts:
        field = field_of(fact)
        present = added.get(field) or entries.get(field)
        if present is None or fact.recorded_at < present.recorded_at:
            if field not in added and present is not None:
                displaced.append(present)
            added[field] = fact
    return added, displaced


def digest_of(before: str, added: Iterable[tuple[str, Fact]], displaced: Iterable[Fact]) -> str:
    """The digest after a merge: the sum of all entries' hashes, so that it costs what was added, not what is there."""
    total = int(before or "0", 16)
    total += sum(_hash(field, fact) for field, fact in added)
    total -= sum(_hash(field_of(fact), fact) for fact in displaced)
    return f"{total % (1 << _BITS):032x}"


def _hash(field: str, fact: Fact) -> int:
    text = f"{field}\n{milliseconds(fact.recorded_at)}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=_BITS // 8).digest())


def milliseconds(moment: datetime) -> int:
    """Milliseconds since the epoch, exactly."""
    delta = moment - _EPOCH
    return (delta.days * 86400 + delta.seconds) * 1000 + delta.microseconds // 1000


def instant(milliseconds: int) -> datetime:
    """The instant of a log's time stamp."""
    seconds, rest = divmod(milliseconds, 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)


_SHORT = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
