"""What is stated of a subject, found by identity and by number: an event is held against thousands at once. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import orjson

from shared.credit.dossiers import Stating
from shared.events.types.case_amended import CASE_AMENDED
from shared.events.types.case_decided import CASE_DECIDED
from shared.events.types.credit_commended import CREDIT_COMMENDED
from shared.events.types.fact_withdrawn import FACT_WITHDRAWN
from shared.events.types.inspection_completed import INSPECTION_COMPLETED
from shared.events.types.subject_upserted import SUBJECT_UPSERTED

STATING = {
    CASE_DECIDED: "case_no",
    CASE_AMENDED: "case_no",
    INSPECTION_COMPLETED: "inspection_id",
    CREDIT_COMMENDED: "commendation_no",
}
"""What states a case, an inspection or a commendation, and under which number."""

_NAMING = ("case_no", "inspection_id")
"""Members by which other types name one; `target` of a repair is either."""
_WRITTEN = re.compile(rb'"(?:case_no|inspection_id|commendation_no)":("(?:[^"\\]|\\.)*")')
"""A number, as it stands in a fact that is kept."""
ENTRY = f'"type":"{SUBJECT_UPSERTED}"'.encode()
"""Stands in an entry of the register, as it is kept."""

Number = tuple[str, str]
"""The member of which it is a number, and the number."""


class Statements:
    """What is stated of one subject."""

    def __init__(self, stated: Iterable[Stating] = ()) -> None:
        self._by_identity: dict[tuple[str, str], list[Stating]] = defaultdict(list)
        self._by_number: dict[Number, list[Stating]] = defaultdict(list)
        self.entries: list[Stating] = []
        """Entries of the register."""
        for each in stated:
            self.add(each)

    def add(self, each: Stating) -> None:
        """One more."""
        self._by_identity[each.source, each.id].append(each)
        if each.type == SUBJECT_UPSERTED:
            self.entries.append(each)
        if member := STATING.get(each.type):
            self._by_number[member, each.data[member]].append(each)

    def copies(self, event: Stating) -> list[Stating]:
        """Others under an event's own identity."""
        return [each for each in self._by_identity.get((event.source, event.id), ()) if each is not event]

    def other_copies(self, event: Stating) -> list[Stating]:
        """Those of them that say something else."""
        said = (event.type, event.data)
        return [each for each in self.copies(event) if (each.type, each.data) != said]

    def spoken_of(self, event: Stating) -> list[Stating]:
        """What an event names, or states again."""
        if event.type == FACT_WITHDRAWN:
            return list(self._by_identity.get((event.data["source"], event.data["id"]), ()))
        return [
            each
            for number in numbers_of(event)
            for each in self._by_number.get(number, ())
            if (each.source, each.id) != (event.source, event.id)
        ]


def member_naming(event: Stating) -> str | None:
    """The pointer of the member by which an event names another; None where it names none."""
    if event.type == FACT_WITHDRAWN:
        return "/data/id"
    if event.type in STATING:
        return "/data/case_no" if event.type == CASE_AMENDED else None
    return next((f"/data/{name}" for name in (*_NAMING, "target") if name in event.data), None)


def numbers_of(event: Stating) -> Iterator[Number]:
    """The numbers that an event states or names."""
    if member := STATING.get(event.type):
        yield member, event.data[member]
        if event.type in (CASE_DECIDED, CASE_AMENDED) and "inspection_id" in event.data:
            yield "inspection_id", event.data["inspection_id"]  # whose findings the case takes over (SCORING.md 3.3)
    elif "target" in event.data:
        yield from ((name, event.data["target"]) for name in _NAMING)
    else:
        yield from ((name, event.data[name]) for name in _NAMING if name in event.data)


def pick_of(events: Iterable[Stating]) -> Callable[[bytes, bytes], bool]:
    """Picks of a ledger, by field and value as they are kept, what one of some events of its subject could be about."""
    identities, numbers, takes_entries = set[bytes](), set[bytes](), False
    for event in events:
        takes_entries |= event.type == SUBJECT_UPSERTED
        identities.add(_identity(event.source, event.id))
        if event.type == FACT_WITHDRAWN:
            identities.add(_identity(event.data["source"], event.data["id"]))
        numbers.update(orjson.dumps(number) for _, number in numbers_of(event))

    def pick(field: bytes, value: bytes) -> bool:
        named = field.rpartition(b"\n")[0] in identities or any(each in numbers for each in _WRITTEN.findall(value))
        return named or (takes_entries and ENTRY in value)

    return pick


def _identity(source: str, id_: str) -> bytes:
    return f"{source}\n{id_}".encode()
