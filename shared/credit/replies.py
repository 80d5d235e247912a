"""Replies 陈述 as they stand beside the items that they are about, for whoever may read them. Pure.

A reply may name anybody: the public reads it when a clerk who is no author has released it, as long as its item is
public, and without the numbers by which a person is found. The subject and enforcement read all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from shared.credit.audience import Audience
from shared.credit.facts import Fact, Identity, standing
from shared.credit.masking import masked_text
from shared.credit.objections import NUMBERED
from shared.credit.receipt import authors
from shared.credit.score import Account

_REPLIED = {f"cn.chengxin.{about}.replied.v1": about for about in NUMBERED}
_RELEASED = {f"cn.chengxin.{about}.reply_released.v1": about for about in NUMBERED}
_WITHDRAWN = "cn.chengxin.fact.withdrawn.v1"
_TYPES = {"case": ("case",), "inspection": ("finding", "clean_inspection")}


def replies_for(audience: Audience, account: Account, facts: Iterable[Fact], today: date) -> list[dict[str, Any]]:
    """The replies to the items of an account, the earliest first, as an audience may read them.

    Raises `ValueError` when the public is to be shown another ledger than its own.
    """
    if audience == "public" and account.ledger != "public":
        raise ValueError("the public sees the public ledger only")
    stands = _not_taken_back(standing(facts)[0])
    shown = []
    for fact in sorted(
        (each for each in stands if each.type in _REPLIED), key=lambda each: (each.data["on"], each.rank)
    ):
        about = _REPLIED[fact.type]
        number = str(fact.data[NUMBERED[about]])
        items = [item for item in account.items if item.type in _TYPES[about] and item.ref == number]
        signed = {name for item in items for name in authors(item)}
        released = fact.identity in _released(stands, about, number, signed)
        public = released and any(item.active(today) for item in items)
        if public if audience == "public" else items:
            text = str(fact.data["statement"])
            said = {"about": about, "number": number, "on": fact.data["on"], "released": released}
            shown.append({**said, "statement": masked_text(text) if audience == "public" else text})
    return shown


def _not_taken_back(stands: Iterable[Fact]) -> list[Fact]:
    """Replies and releases that no withdrawal names: of cases too, whose other facts cannot be withdrawn (SCORING.md
    section 1), since what was published in error must not stay.
    """
    facts = list(stands)
    taken = {(fact.data["source"], fact.data["id"]) for fact in facts if fact.type == _WITHDRAWN}
    return [fact for fact in facts if fact.identity not in taken]


def _released(stands: Iterable[Fact], about: str, number: str, signed: set[str]) -> set[Identity]:
    return {
        (str(fact.data["reply_source"]), str(fact.data["reply_id"]))
        for fact in stands
        if _RELEASED.get(fact.type) == about
        and fact.data[NUMBERED[about]] == number
        and fact.data["reviewer"] not in signed
    }
