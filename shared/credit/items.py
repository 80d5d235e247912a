"""Items: what each case, finding, clean inspection and commendation counts in one ledger (SCORING.md 3.2 to 3.7)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.credit.dossiers import Dossier, Dossiers
from shared.credit.periods import add_months, next_january, parse_day
from shared.credit.points import ONE, Factor, times
from shared.credit.repeat import Repeats
from shared.credit.rulebook import Bonus, KindRules, Version, Versions, Violation

Ledger = Literal["internal", "public"]
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
        """Its state on a day, by the precedence of SCORING.md (receipt)."""
        if self.void:
            return self.void
        if day < self.decided_on:
            return "future"
        if self.active(day):
            return "active"
        return "repaired" if self.repaired else "expired"


def items_of(dossiers: Dossiers, versions: Versions, ledger: Ledger) -> list[Item]:
    """Every item of a ledger, sorted as receipts are: by type, reference and index."""
    cases = list(_cases(dossiers, versions, ledger))
    findings = [] if ledger == "public" else list(_findings(dossiers, cases))
    deductions = cases + findings
    _judge(deductions, dossiers, versions, ledger)
    items = [*deductions, *_clean_inspections(dossiers, versions), *_commendations(dossiers, versions)]
    items.sort(key=lambda item: (TYPES.index(item.type), item.ref, item.index))
    return items


def _cases(dossiers: Dossiers, versions: Versions, ledger: Ledger) -> Iterable[Item]:
    for ref, case in dossiers.cases.items():
        if not case.exists or case.content is None:
            continue
        data = case.content.data
        decided_on = parse_day(data["decided_on"])
        if ledger == "public":
            version = versions.in_force(decided_on)
            if version is None or data["severity"] not in version.rules.published_months:
                continue
        yield Item(
            "case",
            ref,
            0,
            data["violation_code"],
            data["severity"],
            parse_day(data["occurred_on"]),
            decided_on,
            case,
            void="revoked" if case.revoked else None,
        )


def _findings(dossiers: Dossiers, cases: Iterable[Item]) -> Iterable[Item]:
    """Findings of inspections; one that a case took up is absorbed by it and never counts beside it (3.2)."""
    absorbing = {
        (item.dossier.content.data.get("inspection_id"), item.code)
        for item in cases
        if not item.void and item.dossier.content
    }
    for ref, inspection in dossiers.inspections.items():
        if inspection.content is None:
            continue
        data = inspection.content.data
        if not data["findings"]:
            continue
        day = parse_day(data["inspected_on"])
        for index, finding in enumerate(data["findings"]):
            code = finding["violation_code"]
            void = "absorbed" if (ref, code) in absorbing else None
            yield Item("finding", ref, index, code, finding["severity"], day, day, inspection, void=void)


def _judge(items: list[Item], dossiers: Dossiers, versions: Versions, ledger: Ledger) -> None:
    """Version, repeat, points and period of cases and findings, in the order of their acts (3.3 to 3.6)."""
    repeats = Repeats(versions)
    for item in sorted(items, key=lambda item: (item.occurred_on, item.ref, item.index)):
        if item.void:
            continue
        at_act = versions.in_force(item.occurred_on)
        if at_act is None:
            item.void = "unscored"
            continue
        _price(item, at_act, dossiers, repeats)
        at_decision = versions.in_force(item.decided_on)
        if at_decision is not None and at_decision is not at_act:
            _price_if_lighter(item, at_decision, dossiers, repeats)
        _limit(item, dossiers, at_decision, ledger)
        assert item.code is not None
        repeats.add(item.code, item.occurred_on, item.ref, item.until if item.repaired else None)


def _price(item: Item, version: Version, dossiers: Dossiers, repeats: Repeats) -> None:
    violation = version.rules.violations[str(item.code)]
    item.version, item.violation, item.n, item.multiplier = version, violation, 1, ONE
    if violation.repeat:
        item.n = repeats.count(violation.code, violation.repeat.within_months, item.occurred_on, item.ref)
        multipliers = violation.repeat.multipliers
        item.multiplier = multipliers[min(item.n, len(multipliers)) - 1]
    item.exposure = _exposure(version.rules, dossiers, item.occurred_on)
    item.points = times(violation.points[str(item.severity)], item.multiplier.value, item.exposure.value)


def _price_if_lighter(item: Item, version: Version, dossiers: Dossiers, repeats: Repeats) -> None:
    """从旧兼从轻: the version of the decision, if it lists code and severity and gives fewer points (3.3)."""
    violation = version.rules.violations.get(str(item.code))
    if violation is None or item.severity not in violation.points:
        return
    before = item.version, item.violation, item.n, item.multiplier, item.exposure, item.points
    _price(item, version, dossiers, repeats)
    if item.points >= before[-1]:
        item.version, item.violation, item.n, item.multiplier, item.exposure, item.points = before


def _exposure(rules: KindRules, dossiers: Dossiers, day: date) -> Factor:
    if not rules.exposure or not dossiers.fleets:
        return ONE
    index = bisect_right(dossiers.fleets, day, key=lambda fleet: fleet[0])
    if not index:
        return ONE
    vehicles = dossiers.fleets[index - 1][2]
    return next(bracket.factor for bracket in rules.exposure if bracket.up_to is None or vehicles <= bracket.up_to)


def _limit(item: Item, dossiers: Dossiers, at_decision: Version | None, ledger: Ledger) -> None:
    """Until when an item counts, and from when a rectified finding counts less (3.6, section 4)."""
    assert item.version is not None
    assert item.violation is not None
    violation, severity, start = item.violation, str(item.severity), item.decided_on
    expiry = add_months(start, violation.lasts_months[severity])
    if item.version.rules.calendar_year:
        january = next_january(start)
        expiry = max(expiry, january) if severity in violation.carries_over else january
    if ledger == "public" and at_decision is not None:
        expiry = min(expiry, add_months(start, at_decision.rules.published_months[severity]))
    item.until = expiry
    repair = violation.repair[severity]
    if repair.allowed and (repairs := dossiers.repairs.get(item.ref)):
        earliest = add_months(start, repair.after_months)
        working = min((day for day, _ in repairs if earliest <= day < expiry), default=None)
        if working is not None:
            item.until, item.repaired = working, True
    if item.type == "finding" and item.dossier.rectified_on:
        item.rectified_on = max(item.dossier.rectified_on, start)
        item.rectified_points = times(item.points, violation.rectified_factor.value)


def _clean_inspections(dossiers: Dossiers, versions: Versions) -> Iterable[Item]:
    for ref, inspection in dossiers.inspections.items():
        if inspection.content is None or inspection.content.data["findings"]:
            continue
        day = parse_day(inspection.content.data["inspected_on"])
        version = versions.in_force(day)
        if version and inspection.content.data["result"] in version.rules.clean_results:
            item = Item("clean_inspection", ref, 0, None, None, day, day, inspection)
            yield _grant(item, version, version.rules.clean_inspection)


def _commendations(dossiers: Dossiers, versions: Versions) -> Iterable[Item]:
    for ref, commendation in dossiers.commendations.items():
        if commendation.content is None:
            continue
        data = commendation.content.data
        day = parse_day(data["granted_on"])
        item = Item("commendation", ref, 0, data["commendation_code"], None, day, day, commendation)
        version = versions.in_force(day)
        if version is None:
            item.void = "unscored"
            yield item
        else:
            yield _grant(item, version, version.rules.commendations[data["commendation_code"]])


def _grant(item: Item, version: Version, bonus: Bonus) -> Item:
    item.version, item.points = version, bonus.points
    calendar_year = version.rules.calendar_year
    item.until = next_january(item.decided_on) if calendar_year else add_months(item.decided_on, bonus.lasts_months)
    return item
