"""What cases and findings count, by which version, and until when (SCORING.md 3.3 to 3.6). Pure."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date

from shared.credit.dossiers import Dossiers
from shared.credit.item import Item, Ledger
from shared.credit.periods import add_months, next_january
from shared.credit.points import ONE, Factor, times
from shared.credit.repeat import Repeats
from shared.credit.rulebook import KindRules, Version, Versions


class Fleets:
    """How many vehicles a subject had declared on a day (3.5)."""

    def __init__(self, dossiers: Dossiers) -> None:
        self._days = [day for day, _, _ in dossiers.fleets]
        self._vehicles = [vehicles for _, _, vehicles in dossiers.fleets]

    def exposure(self, rules: KindRules, day: date) -> Factor:
        """The factor of the fleet of a day; one where none is declared or the rules know none."""
        index = bisect_right(self._days, day) if rules.exposure else 0
        if not index:
            return ONE
        vehicles = self._vehicles[index - 1]
        return next(bracket.factor for bracket in rules.exposure if bracket.up_to is None or vehicles <= bracket.up_to)


def judge(items: list[Item], dossiers: Dossiers, versions: Versions, ledger: Ledger) -> None:
    """Version, repeat, points and period of cases and findings, in the order of their acts (3.3 to 3.6)."""
    repeats = Repeats(versions)
    fleets = Fleets(dossiers)
    for item in sorted(items, key=lambda item: (item.occurred_on, item.ref, item.index)):
        if item.void:
            continue
        at_act = versions.in_force(item.occurred_on)
        if at_act is None:
            item.void = "unscored"
            continue
        _price(item, at_act, fleets, repeats)
        at_decision = versions.in_force(item.decided_on)
        if at_decision is not None and at_decision is not at_act:
            _price_if_lighter(item, at_decision, fleets, repeats)
        _limit(item, dossiers, at_decision, ledger)
        assert item.code is not None
        repeats.add(item.code, item.occurred_on, item.ref, item.until if item.repaired else None)


def _price(item: Item, version: Version, fleets: Fleets, repeats: Repeats) -> None:
    violation = version.rules.violations[str(item.code)]
    item.version, item.violation, item.n, item.multiplier = version, violation, 1, ONE
    if violation.repeat:
        item.n = repeats.count(violation.code, violation.repeat.within_months, item.occurred_on, item.ref)
        multipliers = violation.repeat.multipliers
        item.multiplier = multipliers[min(item.n, len(multipliers)) - 1]
    item.exposure = fleets.exposure(version.rules, item.occurred_on)
    item.points = times(violation.points[str(item.severity)], item.multiplier, item.exposure)


def _price_if_lighter(item: Item, version: Version, fleets: Fleets, repeats: Repeats) -> None:
    """从旧兼从轻: the version of the decision, if it lists code and severity and gives fewer points (3.3)."""
    violation = version.rules.violations.get(str(item.code))
    if violation is None or item.severity not in violation.points:
        return
    before = item.version, item.violation, item.n, item.multiplier, item.exposure, item.points
    _price(item, version, fleets, repeats)
    if item.points >= before[-1]:
        item.version, item.violation, item.n, item.multiplier, item.exposure, item.points = before


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
        item.rectified_points = times(item.points, violation.rectified_factor)
