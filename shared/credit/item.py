"""One line of a receipt: what a case, finding, clean inspection or commendation counts (SCORING.md, receipt). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.credit.dossiers import Dossier
from shared.credit.points import Factor
from shared.credit.rulebook import Version, Violation

Ledger = Literal["internal", "public"]
LEDGERS: tuple[Ledger, ...] = ("internal", "public")
TYPES = ("case", "finding", "clean_inspection", "commendation")


@dataclass(slots=True)
class Item:
    """One line of a receipt, before a date is chosen. Points are hundredths; `void` says why it never counts."""

    type: str
    ref: str
    index: int
    code: str | None
    severity: str | None
    occurred_on: date
    decided_on: date
    dossier: Dossier
    void: str | None = None
    version: Version | None = None
    violation: Violation | None = None
    n: int | None = None
    multiplier: Factor | None = None
    exposure: Factor | None = None
    points: int = 0
    until: date | None = None
    repaired: bool = False
    rectified_on: date | None = None
    rectified_points: int = 0

    def active(self, day: date) -> bool:
        return self.until is not None and self.decided_on <= day < self.until

    def counted(self, day: date) -> int:
        """Hundredths that the item counts on a day."""
        if not self.active(day):
            return 0
        return self.rectified_points if self.rectified_on and self.rectified_on <= day else self.points

    @property
    def counted_at_end(self) -> int:
        """Hundredths that it counts on its last day."""
        rectified = self.rectified_on and self.until and self.rectified_on < self.until
        return self.rectified_points if rectified else self.points

    def state(self, day: date) -> str:
        """Its state on a day, by the precedence of its receipt (SCORING.md, receipt)."""
        if self.void:
            return self.void
        if day < self.decided_on:
            return "future"
        if self.active(day):
            return "active"
        return "repaired" if self.repaired else "expired"
