"""Summaries: what is kept of a subject's standing so that a look-up need not fold its facts again.

A summary holds nothing that moves with the calendar before its due date (DESIGN.md section 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shared.credit.audience import Audience, view_for
from shared.credit.dossiers import Dossiers, gather, kind_of
from shared.credit.facts import Fact, Identity, order_of, standing
from shared.credit.item import Ledger
from shared.credit.rulebook import Rulebooks
from shared.credit.score import Account, open_accounts

Summary = dict[str, Any]

UPSERTED = "cn.chengxin.subject.upserted.v1"

_AUDIENCES: dict[Ledger, Audience] = {"internal": "internal", "public": "public"}
"""Each ledger with the audience whose view of it is kept."""


def summarise(
    subject_id: str, facts: Iterable[Fact], rulebooks: Rulebooks, today: date
) -> tuple[Summary, dict[Identity, str]]:
    """Both ledgers of a subject on a day, its registration, and the day from which this is no longer true.

    Beside it the identities of refused facts with their reasons. A ledger is None before the first version of the
    kind's rulebook.
    """
    facts = list(facts)
    versions = rulebooks.of(kind_of(subject_id))
    dossiers = gather(subject_id, facts, versions)
    accounts = open_accounts(dossiers, versions)
    version = versions.in_force(today)
    due = due_on(accounts.values(), dossiers, today)
    summary: Summary = {
        "subject_id": subject_id,
        "kind": dossiers.kind,
        **whereabouts(facts),
        "rulebook": version and {"id": version.book.id, "version": version.number, "sha256": version.book.sha256},
        "due_on": due.isoformat() if due else None,
        **{
            ledger: view_for(audience, accounts[ledger], today, today) if version else None
            for ledger, audience in _AUDIENCES.items()
        },
    }
    return summary, dossiers.rejected


def whereabouts(facts: Iterable[Fact]) -> Summary:
    """What the register says of the subject, and other regions that any entry, withdrawn ones too, ever named.

    Who may see one of those alone is told that the subject is gone, and nobody else that there is one.
    """
    facts = list(facts)
    registered = registration(facts)
    named = {str(fact.data["region"]) for fact in facts if fact.type == UPSERTED}
    former = named - {registered["region"] if registered else None}
    return {"registration": registered, **({"former_regions": sorted(former)} if former else {})}


def due_on(accounts: Iterable[Account], dossiers: Dossiers, today: date) -> date | None:
    """The first later day on which anything served to any audience may change; None if nothing ever will."""
    days = {turning for account in accounts for turning in account.turning_after(today)[:1]}
    for dossier in (*dossiers.cases.values(), *dossiers.inspections.values()):
        if dossier.disputes or dossier.closures:
            days.update(dossier.disputes)
            days.update(day for day, _ in dossier.closures)
    return min((day for day in days if day > today), default=None)


def registration(facts: Iterable[Fact]) -> Mapping[str, Any] | None:
    """What the register says of the subject: the latest `time`, ties to the greater (id, source)."""
    known = list(facts)
    named = {fact.identity for fact in known if fact.type == UPSERTED}
    copies = [fact for fact in known if (fact.source, fact.id) in named]  # of another type too: the earliest stands
    registrations = [fact for fact in standing(copies)[0] if fact.type == UPSERTED]
    if not registrations:
        return None
    return max(registrations, key=lambda fact: (order_of(fact.time), fact.rank)).data
