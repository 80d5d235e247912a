"""The score function (SCORING.md section 3): standing of a subject on any day, and the day on which it changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from shared.credit.dossiers import Dossiers
from shared.credit.item import LEDGERS, Item, Ledger
from shared.credit.items import bonuses_of, deductions_of
from shared.credit.periods import Steps, add_months
from shared.credit.rulebook import Grade, NoRulebook, Version, Versions

Basis = Literal["evidence", "insufficient"]


class Standing(NamedTuple):
    """What is true of one day. Points are hundredths."""

    score: int
    grade: str | None
    basis: Basis
    bonus: int
    deductions: int
    evidence_events: int
    version: Version

    @property
    def outcome(self) -> tuple[int, str | None, Basis]:
        """What `next_change_on` watches."""
        return self.score, self.grade, self.basis


@dataclass(frozen=True, slots=True)
class Account:
    """One ledger of one subject over all days. Every sum is a step function, so a day costs log n, not n."""

    dossiers: Dossiers
    versions: Versions
    ledger: Ledger
    items: list[Item]
    bonuses: Steps
    deductions: Steps
    caps: dict[str, Steps]
    evidence: dict[int, Steps]
    """How many cases and inspections are evidence, by the months for which they are."""
    turning_days: list[date]
    """Every day on which the score, an item's state or the evidence may change."""

    def at(self, day: date) -> Standing:
        """The standing on a day. Raises `NoRulebook` before the first version."""
        version = self.versions.in_force(day)
        if version is None:
            raise NoRulebook(day)
        rules = version.rules
        bonus = min(self.bonuses.at(day), rules.bonus_cap)
        deductions = self.deductions.at(day)
        score = max(rules.floor, min(rules.ceiling, rules.base + bonus - deductions))
        capped = {grade for grade, active in self.caps.items() if active.at(day)}
        events = self.evidence[rules.evidence_months].at(day)
        if events < rules.evidence_events and not capped:
            return Standing(score, None, "insufficient", bonus, deductions, events, version)
        grade = grade_of(rules.grades, score, capped)
        return Standing(score, grade, "evidence", bonus, deductions, events, version)

    def turning_after(self, day: date) -> list[date]:
        """The later turning days, in their order."""
        return self.turning_days[bisect_right(self.turning_days, day) :]

    def next_change_on(self, day: date) -> date | None:
        """The first later day whose outcome differs (3.11)."""
        now = self.at(day).outcome
        return next((turning for turning in self.turning_after(day) if self.at(turning).outcome != now), None)


def open_account(dossiers: Dossiers, versions: Versions, ledger: Ledger) -> Account:
    """The account of a ledger: items, and their sums as step functions."""
    return _account(_share(dossiers, versions), dossiers, versions, ledger)


def open_accounts(dossiers: Dossiers, versions: Versions) -> dict[Ledger, Account]:
    """The accounts of both ledgers; what they share is made once."""
    shared = _share(dossiers, versions)
    return {ledger: _account(shared, dossiers, versions, ledger) for ledger in LEDGERS}


class _Shared(NamedTuple):
    """What is the same in both ledgers."""

    items: list[Item]
    bonuses: Steps
    evidence: dict[int, Steps]
    turning: frozenset[date]


def _share(dossiers: Dossiers, versions: Versions) -> _Shared:
    items = bonuses_of(dossiers, versions)
    given = [(item.decided_on, item.until, item.points) for item in items if item.until]
    evidence = {
        months: Steps(_lasting(dossiers.evidence, months))
        for months in {version.rules.evidence_months for version in versions.all}
    }
    return _Shared(
        items,
        Steps(change for start, end, points in given for change in ((start, points), (end, -points))),
        evidence,
        frozenset({version.effective_from for version in versions.all}).union(
            *(steps.days for steps in evidence.values()), (day for start, end, _ in given for day in (start, end))
        ),
    )


def _account(shared: _Shared, dossiers: Dossiers, versions: Versions, ledger: Ledger) -> Account:
    items = deductions_of(dossiers, versions, ledger)
    deductions: list[tuple[date, int]] = []
    caps: dict[str, list[tuple[date, int]]] = {}
    turning = set(shared.turning)
    for item in items:
        if item.until is None or item.violation is None:
            continue
        turning.add(item.decided_on)
        turning.add(item.until)
        if item.rectified_on:
            turning.add(item.rectified_on)
        if item.until <= item.decided_on:
            continue
        deductions += (item.decided_on, item.points), (item.until, -item.counted_at_end)
        if item.rectified_on and item.rectified_on < item.until:
            deductions.append((item.rectified_on, item.rectified_points - item.points))
        if item.violation.caps_grade:
            caps.setdefault(item.violation.caps_grade, []).extend(((item.decided_on, 1), (item.until, -1)))
    return Account(
        dossiers,
        versions,
        ledger,
        [*items, *shared.items],
        shared.bonuses,
        Steps(deductions),
        {grade: Steps(changes) for grade, changes in caps.items()},
        shared.evidence,
        sorted(turning),
    )


def _lasting(days: Mapping[date, int], months: int) -> Iterator[tuple[date, int]]:
    """What so many events of each day change: they come, and end after so many months."""
    for day, number in days.items():
        yield day, number
        yield add_months(day, months), -number


def grade_of(grades: tuple[Grade, ...], score: int, caps: set[str]) -> str:
    """The best grade whose threshold is reached, no better than any cap (3.9)."""
    reached = next((index for index, grade in enumerate(grades) if score >= grade.threshold), len(grades) - 1)
    worst = max((index for index, grade in enumerate(grades) if grade.name in caps), default=0)
    return grades[max(reached, worst)].name
