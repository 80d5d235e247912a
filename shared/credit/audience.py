"""Who may see what: the one function that every read path asks (SCORING.md section 4, DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from shared.credit.history import named, shown, turns
from shared.credit.item import Item
from shared.credit.points import show_points
from shared.credit.receipt import Receipt, authors, receipt, seal
from shared.credit.score import Account

Audience = Literal["public", "subject", "internal"]

_AMOUNTS = ("score", "base", "bonus", "deductions")
_ITEM_AMOUNTS = ("points", "counted", "multiplier", "exposure", "n")


def receipt_for(audience: Audience, account: Account, as_of: date, today: date) -> Receipt:
    """The receipt of an account as an audience may see it, with a SHA-256 of just that.

    The subject itself and enforcement see all of the ledger. The public sees the items that are public today, whatever
    `as_of` says, and of the events on each the one that states it; no refused facts; and no amounts or grade where the
    rulebook of today publishes none. Raises `ValueError` when the public is to be shown another ledger than its own.
    """
    if audience != "public":
        return receipt(account, as_of)
    if account.ledger != "public":
        raise ValueError("the public sees the public ledger only")
    hidden = _hidden(account, today)
    shown = {(item.type, item.ref, item.index): item for item in account.items if item.active(today)}
    document = {name: value for name, value in receipt(account, as_of).items() if name != "rejected"}
    document["items"] = [
        _without(line, _ITEM_AMOUNTS if "score" in hidden else ())
        | {"events": _stating(shown[line["type"], line["ref"], line["index"]])}
        for line in document["items"]
        if line["state"] == "active" and (line["type"], line["ref"], line["index"]) in shown
    ]
    return seal(_without(document, hidden))


def _stating(item: Item) -> list[dict[str, str]]:
    """What an item rests on. What else was said of it, that its subject objects or has replied, is not public."""
    content = item.dossier.content
    return [{"source": content.source, "id": content.id}] if content else []


def history_for(audience: Audience, account: Account, until: date, today: date) -> Iterator[dict[str, Any]]:
    """The turns of an account up to a day, the latest first, as an audience may see them.

    The public is told of the items that are public today alone: when they began or were rectified. What was true of
    days that are over would tell of items that have ended, so no score, no grade and no end is among it.
    """
    if audience != "public":
        yield from map(shown, turns(account, until))
        return
    for turn in turns(account, min(until, today)):
        causes = [named(each) for each in turn.causes if each.item and each.item.active(today)]
        if causes:
            yield {"on": turn.on.isoformat(), "causes": causes}


def view_for(audience: Audience, account: Account, as_of: date, today: date) -> dict[str, Any]:
    """The short answer for an audience: score, grade, basis, next change, and whether what counts is disputed."""
    standing, change = account.at(as_of), account.next_change_on(as_of)
    public = audience == "public"
    view = {
        "score": show_points(standing.score),
        "grade": standing.grade,
        "basis": standing.basis,
        "next_change_on": change.isoformat() if change else None,
        "disputed": any(
            item.dossier.disputed(as_of, authors(item))
            for item in account.items
            if item.dossier.disputes and item.active(as_of) and (not public or item.active(today))
        ),
    }
    return _without(view, _hidden(account, today)) if public else view


def _hidden(account: Account, today: date) -> tuple[str, ...]:
    """What the version of today keeps from the public; before the first version nothing is published."""
    version = account.versions.in_force(today)
    hidden = () if version and version.rules.score_public else _AMOUNTS
    return hidden if version and version.rules.grade_public else (*hidden, "grade")


def _without(document: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}
