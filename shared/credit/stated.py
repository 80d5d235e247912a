"""What a receipt states, read from its JSON before anything of it is believed (SCORING.md, receipt)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from shared.credit.facts import FactError, parse_known_at
from shared.credit.item import TYPES
from shared.credit.stated_reader import Reader, StatedError

BONUSES = ("clean_inspection", "commendation")
VOID = ("revoked", "absorbed", "unscored")
_STATES = (*VOID, "future", "active", "repaired", "expired")
_HASH = re.compile(r"[0-9a-f]{64}")


class StatedRulebook(NamedTuple):
    id: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StatedItem:
    """One line. Points are hundredths, None where the audience does not see them; from and until None if void."""

    type: str
    ref: str
    index: int
    code: str | None
    severity: str | None
    occurred_on: date
    decided_on: date
    state: str
    rule_version: int | None
    n: int | None
    multiplier: str | None
    exposure: str | None
    points: int | None
    counted: int | None
    start: date | None
    until: date | None
    caps_grade: str | None
    legal_basis: tuple[str, ...] | None

    @property
    def name(self) -> str:
        return f"{self.type} {self.ref} {self.index}" if self.type == "finding" else f"{self.type} {self.ref}"


@dataclass(frozen=True, slots=True)
class Stated:
    """A receipt; what `hidden` names was left out of it and is None."""

    subject_id: str
    kind: str
    ledger: str
    as_of: date
    score: int | None
    grade: str | None
    basis: str
    base: int | None
    bonus: int | None
    deductions: int | None
    evidence_events: int
    rule_version: int
    next_change_on: date | None
    items: tuple[StatedItem, ...]
    rulebooks: tuple[StatedRulebook, ...]
    public_view: bool
    hidden: frozenset[str]


AMOUNTS = ("score", "base", "bonus", "deductions")
_ITEM_AMOUNTS = ("n", "multiplier", "exposure", "points", "counted")


def read(document: Any) -> Stated:
    """A receipt out of its JSON. Raises `StatedError` at the first thing that no receipt has.

    The public view is told by its want of `rejected`; it alone may leave out amounts and the grade.
    """
    if not isinstance(document, dict):
        raise StatedError("a receipt is a JSON object")
    top = Reader(document, "")
    public_view = "rejected" not in document
    hidden = frozenset(name for name in (*AMOUNTS, "grade") if name not in document)
    ledger = top.one_of("ledger", ("internal", "public"))
    if public_view and ledger != "public":
        raise StatedError("/rejected is missing; the public view alone leaves it out, and only of the public ledger")
    if hidden and not public_view:
        raise StatedError(f"/{min(hidden)} is missing; only the public view may leave it out")
    if hidden & set(AMOUNTS) not in (set(), set(AMOUNTS)):
        raise StatedError("score, base, bonus and deductions are left out together or not at all")
    if document.get("known_at") is not None:
        try:
            parse_known_at(document["known_at"])
        except FactError as error:
            raise StatedError(f"/known_at: {error}") from None
    without_amounts = "score" in hidden
    return Stated(
        subject_id=top.text("subject_id"),
        kind=top.text("kind"),
        ledger=ledger,
        as_of=top.day("as_of"),
        score=None if without_amounts else top.points("score"),
        grade=None if "grade" in hidden else top.optional_text("grade"),
        basis=top.one_of("basis", ("evidence", "insufficient")),
        base=None if without_amounts else top.points("base"),
        bonus=None if without_amounts else top.points("bonus"),
        deductions=None if without_amounts else top.points("deductions"),
        evidence_events=top.count("evidence_events"),
        rule_version=top.count("rule_version"),
        next_change_on=top.optional_day("next_change_on"),
        items=tuple(_item(reader, without_amounts) for reader in top.each("items")),
        rulebooks=tuple(
            StatedRulebook(reader.text("id"), reader.count("version"), reader.matching("sha256", _HASH))
            for reader in top.each("rulebooks")
        ),
        public_view=public_view,
        hidden=hidden,
    )


def _item(line: Reader, without_amounts: bool) -> StatedItem:
    shown = not without_amounts
    if not shown and (said := [name for name in _ITEM_AMOUNTS if name in line.value]):
        raise StatedError(f"{line.at}/{said[0]} is given, though the receipt leaves out its amounts")
    return StatedItem(
        type=line.one_of("type", TYPES),
        ref=line.text("ref"),
        index=line.count("index"),
        code=line.optional_text("code"),
        severity=line.optional_text("severity"),
        occurred_on=line.day("occurred_on"),
        decided_on=line.day("decided_on"),
        state=line.one_of("state", _STATES),
        rule_version=line.optional_count("rule_version"),
        n=line.optional_count("n") if shown else None,
        multiplier=line.optional_text("multiplier") if shown else None,
        exposure=line.optional_text("exposure") if shown else None,
        points=line.points("points") if shown else None,
        counted=line.points("counted") if shown else None,
        start=line.optional_day("from"),
        until=line.optional_day("until"),
        caps_grade=line.optional_text("caps_grade"),
        legal_basis=line.optional_texts("legal_basis"),
    )
