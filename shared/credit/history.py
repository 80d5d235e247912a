"""How a score came to be what it is: every day on which something turned, and what turned it. Pure.

Nothing of it is kept: it is the score function asked for the days between. A day that changes nothing that anybody is
told of is no turn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from shared.credit.item import Item
from shared.credit.points import show_points
from shared.credit.rulebook import NoRulebook
from shared.credit.score import Account, Standing

_DAY = timedelta(days=1)


class Cause(NamedTuple):
    """What an item, a rulebook or the evidence did on a day. `change` is `begins`, `rectified`, `repaired`, `expired`
    or, of evidence, `changes`.
    """

    change: str
    item: Item | None = None
    rulebook: tuple[str, int] | None = None


class Turn(NamedTuple):
    """A day, what was true from it on, and why; None before the first rulebook."""

    on: date
    standing: Standing | None
    causes: list[Cause]


def turns(account: Account, until: date) -> Iterator[Turn]:
    """The turns up to a day, the latest first. Each costs the logarithm of what is known, not all of it."""
    by_day = _items_by_day(account)
    versions = {version.effective_from: (version.book.id, version.number) for version in account.versions.all}
    for day in reversed([each for each in account.turning_days if each <= until]):
        before, after = _standing(account, day - _DAY), _standing(account, day)
        causes = by_day.get(day, [])
        if day in versions:
            causes = [*causes, Cause("begins", rulebook=versions[day])]
        if not causes and (before and before.outcome) != (after and after.outcome):
            causes = [Cause("changes")]  # events that were evidence have grown too old to be any, or enough have come
        if causes:
            yield Turn(day, after, causes)


def shown(turn: Turn) -> dict[str, Any]:
    """A turn as whoever may see all of the ledger is told of it."""
    standing = turn.standing
    return {
        "on": turn.on.isoformat(),
        "score": show_points(standing.score) if standing else None,
        "grade": standing.grade if standing else None,
        "basis": standing.basis if standing else None,
        "causes": [_cause(each, turn.on) for each in turn.causes],
    }


def _cause(cause: Cause, day: date) -> dict[str, Any]:
    if cause.rulebook:
        return {"type": "rulebook", "ref": cause.rulebook[0], "index": cause.rulebook[1], "change": cause.change}
    if cause.item is None:
        return {"type": "evidence", "change": cause.change}
    return {**named(cause), "counted": show_points(cause.item.counted(day))}


def named(cause: Cause) -> dict[str, Any]:
    """Which item, and what it did; no amount."""
    assert cause.item is not None
    item = cause.item
    return {"type": item.type, "ref": item.ref, "index": item.index, "code": item.code, "change": cause.change}


def _items_by_day(account: Account) -> Mapping[date, list[Cause]]:
    found: dict[date, list[Cause]] = defaultdict(list)
    for item in account.items:
        if item.until is None or item.until <= item.decided_on:
            continue
        found[item.decided_on].append(Cause("begins", item))
        if item.rectified_on and item.decided_on < item.rectified_on < item.until:
            found[item.rectified_on].append(Cause("rectified", item))
        found[item.until].append(Cause("repaired" if item.repaired else "expired", item))
    return found


def _standing(account: Account, day: date) -> Standing | None:
    try:
        return account.at(day)
    except NoRulebook:
        return None
