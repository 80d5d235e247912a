"""Receipts: a score with every reason for it, and its own SHA-256 (SCORING.md, receipt)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from shared.credit.canonical import sha256_of
from shared.credit.dossiers import gather, kind_of
from shared.credit.facts import Fact, Identity
from shared.credit.item import TYPES, Item, Ledger
from shared.credit.points import show_points
from shared.credit.rulebook import Rulebooks
from shared.credit.score import Account, open_account

Receipt = dict[str, Any]
"""A receipt in JSON form, as served and as verified."""


def score(
    subject_id: str,
    facts: Iterable[Fact],
    rulebooks: Rulebooks,
    as_of: date,
    known_at: datetime | None = None,
    ledger: Ledger = "internal",
) -> Receipt:
    """The whole function: facts, rulebooks, a date and a ledger in, a receipt out.

    `as_of` asks what is true of a day, `known_at` what was known at an instant. Raises `NoRulebook` before the first
    version of the kind's rulebook.
    """
    return receipt(assess(subject_id, facts, rulebooks, known_at, ledger), as_of)


def assess(
    subject_id: str,
    facts: Iterable[Fact],
    rulebooks: Rulebooks,
    known_at: datetime | None = None,
    ledger: Ledger = "internal",
) -> Account:
    """The account of one ledger by what was known at an instant; days can then be asked of it."""
    versions = rulebooks.of(kind_of(subject_id))
    return open_account(gather(subject_id, facts, versions, known_at), versions, ledger)


def receipt(account: Account, as_of: date) -> Receipt:
    """The receipt of an account for a day, sealed with its SHA-256."""
    standing = account.at(as_of)
    dossiers = account.dossiers
    change = account.next_change_on(as_of)
    known_at = dossiers.known_at
    document: Receipt = {
        "subject_id": dossiers.subject_id,
        "kind": dossiers.kind,
        "ledger": account.ledger,
        "as_of": as_of.isoformat(),
        "known_at": known_at.astimezone(UTC).isoformat().replace("+00:00", "Z") if known_at else None,
        "score": show_points(standing.score),
        "grade": standing.grade,
        "basis": standing.basis,
        "base": show_points(standing.version.rules.base),
        "bonus": show_points(standing.bonus),
        "deductions": show_points(standing.deductions),
        "evidence_events": standing.evidence_events,
        "rule_version": standing.version.number,
        "next_change_on": change.isoformat() if change else None,
        "items": [_line(item, account, as_of) for item in sorted(account.items, key=_place)],
        "rejected": refusals(dossiers.rejected),
        "rulebooks": [
            {"id": version.book.id, "version": version.number, "sha256": version.book.sha256}
            for version in account.versions.all
        ],
    }
    return seal(document)


def refusals(rejected: Mapping[Identity, str]) -> list[dict[str, str]]:
    """The facts that a score refuses, with the reasons."""
    return [{"source": source, "id": id_, "reason": reason} for (source, id_), reason in sorted(rejected.items())]


def seal(document: Receipt) -> Receipt:
    """The receipt with its SHA-256 over the canonical JSON of everything else in it."""
    open_form = {name: value for name, value in document.items() if name != "sha256"}
    return {**open_form, "sha256": sha256_of(open_form)}


def _place(item: Item) -> tuple[int, str, int]:
    return TYPES.index(item.type), item.ref, item.index


def _line(item: Item, account: Account, as_of: date) -> dict[str, Any]:
    counts = item.version is not None
    violation = item.violation
    return {
        "type": item.type,
        "ref": item.ref,
        "index": item.index,
        "code": item.code,
        "severity": item.severity,
        "occurred_on": item.occurred_on.isoformat(),
        "decided_on": item.decided_on.isoformat(),
        "state": item.state(as_of),
        "rule_version": item.version.number if item.version else None,
        "n": item.n,
        "multiplier": item.multiplier.text if item.multiplier else None,
        "exposure": item.exposure.text if item.exposure else None,
        "points": show_points(item.points),
        "counted": show_points(item.counted(as_of)),
        "from": item.decided_on.isoformat() if counts else None,
        "until": item.until.isoformat() if item.until else None,
        "caps_grade": violation.caps_grade if violation else None,
        "disputed": item.dossier.disputed(as_of, authors(item)),
        "legal_basis": list(violation.legal_basis) if violation else None,
        "events": [{"source": source, "id": id_} for source, id_ in sorted(_events(item, account))],
    }


def authors(item: Item) -> list[str]:
    """Who signed the case or inspection: none of them may close a dispute about it."""
    data = item.dossier.content.data if item.dossier.content else {}
    return [*data.get("officers", ()), *data.get("inspectors", ())]


def _events(item: Item, account: Account) -> Iterable[Identity]:
    if item.type == "clean_inspection":
        return item.dossier.completions
    repairs = account.dossiers.repairs.get(item.ref, ()) if item.type in ("case", "finding") else ()
    return [*item.dossier.events, *(identity for _, identity in repairs)]
