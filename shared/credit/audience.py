"""Who may see what: the one function that every read path asks (SCORING.md section 4, DESIGN.md section 5)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from shared.credit.points import show_points
from shared.credit.receipt import Receipt, authors, receipt, seal
from shared.credit.rulebook import KindRules
from shared.credit.score import Account

Audience = Literal["public", "subject", "internal"]

_AMOUNTS = ("score", "base", "bonus", "deductions")
_ITEM_AMOUNTS = ("points", "counted", "multiplier", "exposure", "n")


def receipt_for(audience: Audience, account: Account, as_of: date, today: date) -> Receipt:
    """The receipt of an account as an audience may see it, with a SHA-256 of just that.

    The subject itself and enforcement see all of the ledger. The public sees the items that are public today, whatever
    `as_of` says; no refused facts; and no amounts or grade where the rulebook publishes none. Raises `ValueError` when
    the public is to be shown another ledger than its own.
    """
    if audience != "public":
        return receipt(account, as_of)
    if account.ledger != "public":
        raise ValueError("the public sees the public ledger only")
    rules = account.at(as_of).version.rules
    shown = {(item.type, item.ref, item.index) for item in account.items if item.active(today)}
    document = {name: value for name, value in receipt(account, as_of).items() if name != "rejected"}
    document["items"] = [
        _without(line, () if rules.score_public else _ITEM_AMOUNTS)
        for line in document["items"]
        if line["state"] == "active" and (line["type"], line["ref"], line["index"]) in shown
    ]
    return seal(_without(document, _hidden(rules)))


def view_for(audience: Audience, account: Account, today: date) -> dict[str, Any]:
    """The short answer for an audience: score, grade, basis, next change, and whether anything shown is disputed."""
    standing, change = account.at(today), account.next_change_on(today)
    public = audience == "public"
    view = {
        "score": show_points(standing.score),
        "grade": standing.grade,
        "basis": standing.basis,
        "next_change_on": change.isoformat() if change else None,
        "disputed": any(
            item.dossier.disputed(today, authors(item))
            for item in account.items
            if item.dossier.disputes and (not public or item.active(today))
        ),
    }
    return _without(view, _hidden(standing.version.rules)) if public else view


def _hidden(rules: KindRules) -> tuple[str, ...]:
    hidden = () if rules.score_public else _AMOUNTS
    return hidden if rules.grade_public else (*hidden, "grade")


def _without(document: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}
