"""What a score would be if some facts were there, or on another day: two receipts, and what differs. Pure.

The same function gives both: what is supposed is a fact like any other, and nobody but the asker ever hears of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from shared.clock import SHANGHAI
from shared.credit.facts import Fact
from shared.credit.points import parse_signed, show_points
from shared.credit.receipt import Receipt
from shared.events.door import Refused, normal
from shared.events.envelope import Event, Fault, pointer

SOURCE = "urn:chengxin:supposed"
TYPES = tuple(
    f"cn.chengxin.{name}.v1"
    for name in (
        "case.decided",
        "case.amended",
        "case.revoked",
        "inspection.completed",
        "inspection.rectified",
        "credit.repaired",
        "credit.commended",
        "fact.withdrawn",
        "fleet.declared",
    )
)
"""What can be supposed: whatever bears on a score."""


_NUMBERS = ("case_no", "inspection_id")
_STATING = frozenset(f"cn.chengxin.{name}.v1" for name in ("case.decided", "inspection.completed"))
_NAMING = (*_NUMBERS, "target", "id")


class Supposition(NamedTuple):
    """A fact that is supposed: its type, and its data as its event has them."""

    type: str
    data: Mapping[str, Any]


def facts_of(subject_id: str, supposed: Sequence[Supposition], now: datetime, as_of: datetime) -> list[Fact]:
    """The facts, recorded last of all. Their days may lie up to the day asked for. Raises `Refused`.

    Pointers begin with `/suppose/<place>`.
    """
    latest = max(now, as_of)
    facts, faults = list[Fact](), list[Fault]()
    for place, each in enumerate(supposed):
        time_ = latest.isoformat(timespec="milliseconds")
        try:
            event = normal(Event(f"supposed-{place}", SOURCE, each.type, subject_id, time_, dict(each.data)), latest)
        except Refused as refused:
            at = pointer("suppose", place)
            faults += [Fault(at + fault.pointer, fault.message) for fault in refused.faults]
        else:
            facts.append(Fact(event.source, event.id, event.type, subject_id, event.time, event.data, latest))
    if faults:
        raise Refused(*faults)
    return facts


def refuse_unseen(supposed: Sequence[Fact], known: Sequence[Fact]) -> None:
    """Raises `Refused` for what names nothing that is there: it would change nothing, and nobody would see why."""
    everything = [*known, *supposed]
    stating = [fact.data for fact in everything if fact.type in _STATING]
    there = {str(data[name]) for data in stating for name in _NUMBERS if name in data}
    there |= {fact.id for fact in everything}
    faults = []
    for place, fact in enumerate(supposed):
        naming = () if fact.type in _STATING else (name for name in _NAMING if name in fact.data)
        if (name := next(iter(naming), None)) and fact.data[name] not in there:
            told = "must be that of a case, inspection or fact that the subject has"
            faults.append(Fault(pointer("suppose", place, "data", name), told))
    if faults:
        raise Refused(*faults)


def end_of(day: date) -> datetime:
    """The last moment of a day in Shanghai."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI) - timedelta(milliseconds=1)


def difference(before: Receipt, after: Receipt) -> dict[str, Any]:
    """What differs between two receipts of a subject: score, grade, basis, and the items one by one."""
    change = parse_signed(after["score"]) - parse_signed(before["score"])
    return {
        "score": show_points(change),
        "grade": [before["grade"], after["grade"]],
        "basis": [before["basis"], after["basis"]],
        "items": list(_items(before, after)),
    }


def _items(before: Receipt, after: Receipt) -> Iterator[dict[str, Any]]:
    old, new = _by_place(before), _by_place(after)
    for place in sorted(old.keys() | new.keys()):
        one, other = old.get(place), new.get(place)
        if _shown(one) != _shown(other):
            type_, ref, index = place
            yield {"type": type_, "ref": ref, "index": index, "before": _shown(one), "after": _shown(other)}


def _by_place(receipt: Receipt) -> dict[tuple[str, str, int], Mapping[str, Any]]:
    return {(line["type"], line["ref"], line["index"]): line for line in receipt["items"]}


def _shown(line: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if line is None else {name: line[name] for name in ("state", "counted", "until")}
