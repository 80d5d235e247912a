"""From a rulebook document (parsed YAML) to a `Rulebook`, naming every fault at once (SCORING.md section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.credit.rulebook import (
    SEVERITIES,
    Bonus,
    Bracket,
    Grade,
    KindRules,
    Place,
    Rulebook,
    RulebookError,
)
from shared.credit.violation_form import ViolationForm
from shared.registry.kinds import KINDS


def parse(document: Any, sha256: str) -> Rulebook:
    """A rulebook from its document and the SHA-256 of its bytes. Raises `RulebookError` with every fault."""
    form = RulebookForm(document)
    book = form.rulebook(sha256)
    if form.faults:
        raise RulebookError(form.faults)
    return book


class RulebookForm(ViolationForm):
    """The whole document."""

    def rulebook(self, sha256: str) -> Rulebook:
        names = ("id", "version", "title", "published_on", "effective_from", "kinds")
        top = self.mapping(self.document, (), names)
        published = self.day(top, "published_on")
        effective = self.day(top, "effective_from")
        if {"published_on", "effective_from"} <= top.keys() and effective <= published:
            self.fault(("effective_from",), f"must be later than published_on ({published})")
        kinds = self.mapping(top.get("kinds", {}), ("kinds",), (), tuple(KINDS))
        if not kinds and "kinds" in top:
            self.fault(("kinds",), f"must hold at least one of {', '.join(KINDS)}")
        return Rulebook(
            id=self.text(top, "id", ()),
            version=self.count(top, "version", (), least=1),
            title=self.text(top, "title", ()),
            published_on=published,
            effective_from=effective,
            kinds={kind: self.kind(rules, ("kinds", kind)) for kind, rules in kinds.items()},
            sha256=sha256,
        )

    def kind(self, value: Any, at: Place) -> KindRules:
        names = ("base", "floor", "ceiling", "grades", "cycle", "minimum_evidence", "bonus_cap", "bonuses")
        top = self.mapping(value, at, (*names, "publication", "violations"), ("exposure",))
        base, floor, ceiling = (self.points(top, name, at) for name in ("base", "floor", "ceiling"))
        if not floor <= base <= ceiling:
            self.fault((*at, "base"), "must lie between floor and ceiling")
        grades = self.grades(top.get("grades"), (*at, "grades"), floor)
        evidence = self.mapping(top.get("minimum_evidence"), (*at, "minimum_evidence"), ("events", "months"))
        publication = self.publication(top.get("publication"), (*at, "publication"))
        clean, results, commendations = self.bonuses(top.get("bonuses"), (*at, "bonuses"))
        names_of_grades = [grade.name for grade in grades]
        violations = [
            self.violation(item, (*at, "violations", index), names_of_grades)
            for index, item in enumerate(self.items(top.get("violations"), (*at, "violations")))
        ]
        self.unique([violation.code for violation in violations], (*at, "violations"), "code")
        return KindRules(
            base=base,
            floor=floor,
            ceiling=ceiling,
            grades=grades,
            calendar_year=self.choice(top, "cycle", at, ("rolling", "calendar_year")) == "calendar_year",
            evidence_events=self.count(evidence, "events", (*at, "minimum_evidence")),
            evidence_months=self.months(evidence, "months", (*at, "minimum_evidence"), least=1),
            bonus_cap=self.points(top, "bonus_cap", at),
            clean_inspection=clean,
            clean_results=results,
            commendations=commendations,
            exposure=self.exposure(top.get("exposure") or [], (*at, "exposure")),
            score_public=publication[0],
            grade_public=publication[1],
            published_months=publication[2],
            violations={violation.code: violation for violation in violations},
        )

    def grades(self, value: Any, at: Place, floor: int) -> tuple[Grade, ...]:
        grades = []
        for index, item in enumerate(self.items(value, at)):
            entry = self.mapping(item, (*at, index), ("grade", "from"))
            grades.append(Grade(self.word(entry, "grade", (*at, index)), self.points(entry, "from", (*at, index))))
        self.unique([grade.name for grade in grades], at, "grade")
        thresholds = [grade.threshold for grade in grades]
        if thresholds != sorted(set(thresholds), reverse=True):
            self.fault(at, "must stand best first, each threshold lower than the one before")
        if not grades or thresholds[-1] != floor:
            self.fault(at, "the last grade must begin at the floor")
        return tuple(grades)

    def publication(self, value: Any, at: Place) -> tuple[bool, bool, dict[str, int]]:
        top = self.mapping(value, at, ("score", "grade", "items"))
        months = self.mapping(top.get("items"), (*at, "items"), (), SEVERITIES)
        return (
            self.flag(top, "score", at),
            self.flag(top, "grade", at),
            {severity: self.months(months, severity, (*at, "items"), least=1) for severity in months},
        )

    def bonuses(self, value: Any, at: Place) -> tuple[Bonus, frozenset[str], dict[str, Bonus]]:
        top = self.mapping(value, at, ("clean_inspection", "commendations"))
        place = (*at, "clean_inspection")
        clean = self.mapping(top.get("clean_inspection"), place, ("points", "lasts_months", "results"))
        results = frozenset(map(str, self.items(clean.get("results"), (*place, "results"))))
        commendations: dict[str, Bonus] = {}
        for index, item in enumerate(self.items(top.get("commendations"), (*at, "commendations"))):
            here = (*at, "commendations", index)
            entry = self.mapping(item, here, ("code", "name", "points", "lasts_months"))
            self.text(entry, "name", here)
            code = self.text(entry, "code", here)
            if code in commendations:
                self.fault((*here, "code"), f"{code} stands twice")
            commendations[code] = self.bonus(entry, here)
        return self.bonus(clean, place), results, commendations

    def bonus(self, entry: Mapping[str, Any], at: Place) -> Bonus:
        return Bonus(self.points(entry, "points", at), self.months(entry, "lasts_months", at, least=1))

    def exposure(self, value: Any, at: Place) -> tuple[Bracket, ...]:
        items = self.items(value, at)
        brackets = []
        for index, item in enumerate(items):
            last = index == len(items) - 1
            here = (*at, index)
            entry = self.mapping(item, here, ("factor",) if last else ("up_to", "factor"))
            up_to = None if last else self.count(entry, "up_to", here, least=1)
            brackets.append(Bracket(up_to, self.factor(entry, "factor", here)))
        limits = [bracket.up_to for bracket in brackets if bracket.up_to is not None]
        if limits != sorted(set(limits)):
            self.fault(at, "up_to must rise from bracket to bracket")
        return tuple(brackets)
