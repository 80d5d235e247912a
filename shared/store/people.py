"""Inspectors, and what came of the inspections of draws, as the draws' worker files them: all in one slot.

What is filed only grows, and filing it again changes nothing. Each call has the positions that its effects lead to, and
names those that it goes on from; so whatever prefix of the calls a store has kept, its positions are true, and a call
that would leave a gap is refused. A writer that was displaced does no harm: it files what is on the log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from shared.eventlog.port import TopicPartition
from shared.store.client import Call, Store, Value
from shared.store.keys import Keys, field_of

_POSITIONS, _APPLIED = "positions", "applied"
_INSPECTORS, _IDS, _OUTCOMES, _WITHDRAWN = "inspectors", "inspector-ids", "outcomes", "withdrawn"
_AT_ONCE = 1_000
"""Fields of one command: the store serves nobody else meanwhile."""


class Effect(NamedTuple):
    """What a record files under a field. A text has no line feed, and a withdrawal none."""

    what: Literal["inspector", "outcome", "withdrawn", "applied"]
    field: str
    recorded: int = 0
    """Milliseconds, by the log; nothing is asked of it but for inspectors and outcomes."""
    text: bytes = b""


class Move(NamedTuple):
    """From which offset to which a call files a partition."""

    start: int
    end: int


class Line(NamedTuple):
    """A text, and when it was first recorded, in milliseconds."""

    recorded: int
    text: bytes


class SetBack(Exception):
    """The store holds less than was filed: read from what it holds again."""


class People:
    """Writes and reads. Every method raises `StoreUnavailable` where the store cannot answer."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store, self._keys = store, keys

    def file(self, moves: Mapping[TopicPartition, Move], effects: Iterable[Effect] = ()) -> None:
        """File the effects of what lies between offsets. Raises `SetBack`, and nothing is written then.

        The effect `applied` of a partition's number has an instant: all that the log held of it until then is filed.
        """
        keys = [self._keys.people(what) for what in (_POSITIONS, _INSPECTORS, _IDS, _OUTCOMES, _WITHDRAWN, _APPLIED)]
        arguments: list[Value] = [len(moves)]
        for at, move in moves.items():
            arguments += (field_of(at), *move)
        for effect in effects:
            arguments += effect
        [done] = self._store.run("people_file", [Call(keys, arguments)])
        if not done:
            raise SetBack

    def positions(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """Up to which offsets partitions are filed."""
        found = self._values(_POSITIONS, [field_of(at) for at in places])
        return {at: int(offset or 0) for at, offset in zip(places, found, strict=True)}

    def ids_after(self, after: str, most: int) -> list[str]:
        """Ids of inspectors in the order of their bytes, so many at most, behind one of them."""
        least = f"({after}" if after else "-"
        key = self._keys.people(_IDS)
        [found] = self._store.pipelined(lambda pipe, _: pipe.zrangebylex(key, least, "+", 0, most), [None])
        return [each.decode() for each in found]

    def inspectors(self, ids: Sequence[str]) -> dict[str, list[Line]]:
        """All versions of inspectors' entries; of whom nothing is known is left out."""
        return self._lines(_INSPECTORS, ids)

    def outcomes(self, fields: Sequence[str]) -> dict[str, list[Line]]:
        """All outcomes under some fields; a field without one is left out."""
        return self._lines(_OUTCOMES, fields)

    def withdrawn(self, fields: Collection[str]) -> frozenset[str]:
        """Which of some facts were withdrawn."""
        asked = list(fields)
        key = self._keys.people(_WITHDRAWN)
        chunks = [asked[start : start + _AT_ONCE] for start in range(0, len(asked), _AT_ONCE)]
        found = self._store.pipelined(lambda pipe, some: pipe.smismember(key, some), chunks)
        flags = [flag for answer in found for flag in answer]
        return frozenset(each for each, flag in zip(asked, flags, strict=True) if flag)

    def applied_until(self, partitions: int) -> datetime | None:
        """Until when all that the log held is filed; None before that was first reached, or where it was lost."""
        found = self._values(_APPLIED, [str(number) for number in range(partitions)])
        instants = [datetime.fromisoformat(each.decode()) for each in found if each]
        return min(instants) if len(instants) == partitions else None

    def _lines(self, what: str, fields: Sequence[str]) -> dict[str, list[Line]]:
        found = zip(fields, self._values(what, fields), strict=True)
        return {field: [_line(each) for each in lines.split(b"\n")] for field, lines in found if lines}

    def _values(self, what: str, fields: Sequence[str]) -> list[bytes | None]:
        key = self._keys.people(what)
        chunks = [fields[start : start + _AT_ONCE] for start in range(0, len(fields), _AT_ONCE)]
        answers = self._store.pipelined(lambda pipe, some: pipe.hmget(key, some), chunks)
        return [value for answer in answers for value in answer]


def _line(stored: bytes) -> Line:
    recorded, _, text = stored.partition(b" ")
    return Line(int(recorded), text)
