"""The items of a ledger: cases, findings, clean inspections and commendations (SCORING.md 3.1, 3.2, 3.7). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from shared.credit.dossiers import Dossiers
from shared.credit.item import Item, Ledger
from shared.credit.judging import judge
from shared.credit.periods import add_months, next_january, parse_day
from shared.credit.rulebook import Bonus, Version, Versions


def deductions_of(dossiers: Dossiers, versions: Versions, ledger: Ledger) -> list[Item]:
    """The cases and findings of a ledger, in no order."""
    cases = list(_cases(dossiers, versions, ledger))
    findings = [] if ledger == "public" else list(_findings(dossiers, cases))
    deductions = cases + findings
    judge(deductions, dossiers, versions, ledger)
    return deductions


def bonuses_of(dossiers: Dossiers, versions: Versions) -> list[Item]:
    """The clean inspections and commendations of either ledger, in no order."""
    return [*_clean_inspections(dossiers, versions), *_commendations(dossiers, versions)]


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
