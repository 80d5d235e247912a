"""Subjects of the sample city that are worth looking at: chosen by what their receipts show today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from services.sample.city import City
from shared.credit.facts import Fact
from shared.credit.receipt import score
from shared.credit.rulebook import Rulebooks

Item = Mapping[str, Any]


class Highlight(NamedTuple):
    """A subject, and why to look at it."""

    subject_id: str
    why: str


class _Wanted(NamedTuple):
    kind: str
    why: str
    signs: tuple[Callable[[Item], bool], ...]
    """Each must hold of some item of the receipt."""


def _repeated(item: Item) -> bool:
    return item["type"] == "case" and item["state"] == "active" and (item["n"] or 1) > 1


_WANTED = (
    _Wanted(
        "shop",
        "repeated violations that count for more, and one that was repaired",
        (_repeated, lambda item: item["state"] == "repaired"),
    ),
    _Wanted(
        "shop",
        "a case that was revoked and so counts no more, beside one that counts",
        (
            lambda item: item["type"] == "case" and item["state"] == "revoked",
            lambda item: item["type"] == "case" and item["state"] == "active",
        ),
    ),
    _Wanted(
        "hauler",
        "cases scaled by the size of the fleet, one of them disputed",
        (
            lambda item: item["type"] == "case" and item["state"] == "active" and item["exposure"] is not None,
            lambda item: item["disputed"],
        ),
    ),
    _Wanted("hauler", "cases scaled by the size of the fleet", (lambda item: item["exposure"] is not None,)),
)
"""The last stands in where no hauler disputes a case just now."""
_MOST = 3
_LOOKED_AT = 200
"""Of each kind, those with the most cases: a receipt of each is computed, a fraction of a second in all."""


def highlights(city: City, rulebooks: Rulebooks, as_of: date) -> list[Highlight]:
    """A subject of each sort, all different; a sort that the city has none of is left out.

    Each has something that everybody may read: *else* its link would show an empty receipt to whoever has no key.
    """
    cases = Counter(event.subject for event in city.events if event.type == "cn.chengxin.case.decided.v1")
    found: list[Highlight] = []
    for wanted in _WANTED:
        if len(found) == _MOST:
            break
        busy = sorted((each for each in city.subjects if each.kind == wanted.kind), key=lambda each: -cases[each.id])
        taken = {each.subject_id for each in found}
        for subject in busy[:_LOOKED_AT]:
            if subject.id in taken:
                continue
            facts = _facts(city, subject.id)
            items = score(subject.id, facts, rulebooks, as_of)["items"]
            if all(any(map(sign, items)) for sign in wanted.signs) and _has_public(subject.id, facts, rulebooks, as_of):
                found.append(Highlight(subject.id, f"{subject.name}: {wanted.why}"))
                break
    return found


def _has_public(subject_id: str, facts: Sequence[Fact], rulebooks: Rulebooks, as_of: date) -> bool:
    items = score(subject_id, facts, rulebooks, as_of, ledger="public")["items"]
    return any(item["state"] == "active" for item in items)


def _facts(city: City, subject_id: str) -> list[Fact]:
    return [
        Fact(each.source, each.id, each.type, each.subject, each.time, each.data, datetime.fromisoformat(each.time))
        for each in city.events
        if each.subject == subject_id
    ]
