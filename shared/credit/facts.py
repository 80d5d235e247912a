"""Facts: accepted events, and which of their copies stand (SCORING.md section 1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from shared.credit.canonical import canonical
from shared.credit.fact_form import fault

Identity = tuple[str, str]
"""(source, id) within a subject."""

ID_CONFLICT = "id-conflict"
UNKNOWN_CODE = "unknown-code"

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-5][0-9])"
)
_FINER = re.compile(r"[.][0-9]{6}([0-9]+)")
_WITHDRAWABLE = ("cn.chengxin.inspection.", "cn.chengxin.credit.", "cn.chengxin.fleet.")


class Fact(NamedTuple):
    """One accepted event. `time` stays as it was written: ties between copies are decided by the text."""

    source: str
    id: str
    type: str
    subject: str
    time: str
    data: Mapping[str, Any]
    recorded_at: datetime

    @property
    def identity(self) -> Identity:
        return self.source, self.id

    @property
    def rank(self) -> tuple[str, str]:
        """(id, source): the greater wins a tie. Python orders text by code points, as UTF-8 orders bytes."""
        return self.id, self.source


class FactError(ValueError):
    """A document that is no fact: which field, and what would be right."""


def parse_instant(text: Any) -> datetime:
    """An RFC 3339 instant with offset. Raises `FactError`."""
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise FactError(f"{text!r} is no RFC 3339 instant with an offset, such as 2026-02-01T10:00:00+08:00")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise FactError(f"{text!r}: {error}") from None


def parse_known_at(text: Any) -> datetime:
    """An instant that receipts can say in UTC: not within a day of the calendar's ends. Raises `FactError`."""
    moment = parse_instant(text)
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise FactError(f"{text!r} must lie within the years 1 to 9999 in UTC too") from None
    return moment


def order_of(text: str) -> tuple[datetime, str]:
    """What sorts instants exactly: a datetime ends at microseconds, RFC 3339 at no digit (time-secfrac)."""
    finer = _FINER.search(text)
    return parse_instant(text), finer[1].rstrip("0") if finer else ""


def parse_fact(document: Any) -> Fact:
    """A fact from a CloudEvent in JSON form with the log's `recorded_at` beside its attributes. Raises `FactError`."""
    if not isinstance(document, dict):
        raise FactError("a fact is a JSON object")
    for name in ("source", "id", "type", "subject", "time"):
        if not isinstance(document.get(name), str):
            raise FactError(f"/{name} must be a text")
    data = document.get("data")
    if not isinstance(data, dict):
        raise FactError("/data must be an object")
    if wrong := fault(document["type"], data):
        raise FactError(wrong)
    for name in ("time", "recorded_at"):
        if name not in document:
            raise FactError(f"/{name} is missing")
        try:
            parse_instant(document.get(name))
        except FactError as error:
            raise FactError(f"/{name}: {error}") from None
    return Fact(
        document["source"],
        document["id"],
        document["type"],
        document["subject"],
        document["time"],
        data,
        parse_instant(document["recorded_at"]),
    )


def standing(facts: Iterable[Fact], known_at: datetime | None = None) -> tuple[list[Fact], dict[Identity, str]]:
    """The facts that stand by what was known at an instant, and the identities with refused copies.

    Of the copies of one identity the earliest recorded stands, ties to the lesser content; what was withdrawn is left
    out, and its other copies do not take its place.
    """
    stands: dict[Identity, Fact] = {}
    rejected: dict[Identity, str] = {}
    withdrawn: set[Identity] = set()
    for fact in facts:
        if known_at is not None and fact.recorded_at > known_at:
            continue
        identity = fact.source, fact.id
        other = stands.setdefault(identity, fact)
        if other is not fact:
            if not _same(other, fact):
                rejected[identity] = ID_CONFLICT
            if _precedence(fact) < _precedence(other):
                stands[identity] = fact
    for fact in stands.values():
        if fact.type == "cn.chengxin.fact.withdrawn.v1":
            withdrawn.add((fact.data["source"], fact.data["id"]))
    if not withdrawn:
        return list(stands.values()), rejected
    kept = [
        fact
        for identity, fact in stands.items()
        if identity not in withdrawn or not fact.type.startswith(_WITHDRAWABLE)
    ]
    return kept, rejected


def first_copies(facts: Iterable[Fact]) -> list[Fact]:
    """Of the copies of each identity the one that stands, withdrawn or not."""
    found: dict[Identity, Fact] = {}
    for fact in facts:
        other = found.setdefault(fact.identity, fact)
        if other is not fact and _precedence(fact) < _precedence(other):
            found[fact.identity] = fact
    return list(found.values())


def stands(fact: Fact, facts: Iterable[Fact]) -> bool:
    """Whether a fact says what the standing one of its identity says, by all facts that are known of the subject."""
    return _same(fact, min((each for each in facts if each.identity == fact.identity), key=_precedence))


def _same(one: Fact, other: Fact) -> bool:
    return (
        one.type == other.type
        and one.subject == other.subject
        and order_of(one.time) == order_of(other.time)
        and canonical(one.data) == canonical(other.data)
    )


def _precedence(fact: Fact) -> tuple[datetime, bytes]:
    return fact.recorded_at, canonical([fact.type, fact.subject, fact.time, fact.data])
