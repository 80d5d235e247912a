"""From a rulebook document (parsed YAML) to a `Rulebook`, naming every fault at once (SCORING.md section 2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from shared.credit.points import Factor, parse_factor, parse_points
from shared.credit.rulebook import (
    SEVERITIES,
    Bonus,
    Bracket,
    Grade,
    KindRules,
    Place,
    Repair,
    Repeat,
    Rulebook,
    RulebookError,
    Violation,
)
from shared.registry.kinds import KINDS

_MOST = 1_000_000
_MOST_MONTHS = 1_200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_T = TypeVar("_T")


def parse(document: Any, sha256: str) -> Rulebook:
    """A rulebook from its document and the SHA-256 of its bytes. Raises `RulebookError` with every fault."""
    form = _Form(document)
    book = form.rulebook(sha256)
    if form.faults:
        raise RulebookError(form.faults)
    return book


class _Form:
    """Reads a document and collects its faults; what is faulty gets a stand-in so that reading goes on."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.faults: list[tuple[Place, str]] = []

    def rulebook(self, sha256: str) -> Rulebook:
        names = ("id", "version", "title", "published_on", "effective_from", "kinds")
        top = self.mapping(self.document, (), names)
        published = self.day(top, "published_on")
        effective = self.day(top, "effective_from")
        if effective <= published:
            self.fault(("effective_from",), f"must be later than published_on ({published})")
        kinds = self.mapping(top.get("kinds"), ("kinds",), (), tuple(KINDS))
        if not kinds:
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
            grades.append(Grade(self.text(entry, "grade", (*at, index)), self.points(entry, "from", (*at, index))))
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

    def violation(self, value: Any, at: Place, grades: list[str]) -> Violation:
        required = ("code", "name", "legal_basis", "points", "lasts_months", "rectified_factor", "repair")
        top = self.mapping(value, at, (*required, "caps_grade"), ("repeat", "carries_over", "exposure"))
        points = self.mapping(top.get("points"), (*at, "points"), (), SEVERITIES)
        if not points:
            self.fault((*at, "points"), f"must give points for at least one of {', '.join(SEVERITIES)}")
        months = self.mapping(top.get("lasts_months"), (*at, "lasts_months"), tuple(points))
        repair = self.mapping(top.get("repair"), (*at, "repair"), tuple(points))
        basis = self.items(top.get("legal_basis"), (*at, "legal_basis"))
        for index, text in enumerate(basis):
            if not isinstance(text, str) or not text.strip():
                self.fault((*at, "legal_basis", index), "must be a text that is not empty")
        if not basis:
            self.fault((*at, "legal_basis"), "must name at least one provision")
        cap = top.get("caps_grade")
        if cap is not None and cap not in grades:
            self.fault((*at, "caps_grade"), f"must be null or one of {', '.join(grades)}")
        carried = self.items(top.get("carries_over") or [], (*at, "carries_over"))
        if not set(map(str, carried)) <= set(points):
            self.fault((*at, "carries_over"), f"must name severities of this violation: {', '.join(points)}")
        return Violation(
            code=self.text(top, "code", at),
            name=self.text(top, "name", at),
            legal_basis=tuple(map(str, basis)),
            points={severity: self.points(points, severity, (*at, "points")) for severity in points},
            lasts_months={
                severity: self.months(months, severity, (*at, "lasts_months"), least=1) for severity in points
            },
            repeat=self.repeat(top.get("repeat"), (*at, "repeat")),
            rectified_factor=self.factor(top, "rectified_factor", at),
            repair={severity: self.repair(repair.get(severity), (*at, "repair", severity)) for severity in points},
            caps_grade=cap,
            carries_over=frozenset(map(str, carried)),
        )

    def repeat(self, value: Any, at: Place) -> Repeat | None:
        if value is None:
            return None
        top = self.mapping(value, at, ("within_months", "multipliers"))
        place = (*at, "multipliers")
        multipliers = [
            self.read(parse_factor, text, (*place, index), default=parse_factor("1"))
            for index, text in enumerate(self.items(top.get("multipliers"), place))
        ]
        if not multipliers:
            self.fault(place, "must hold at least one multiplier")
        return Repeat(self.months(top, "within_months", at, least=1), tuple(multipliers))

    def repair(self, value: Any, at: Place) -> Repair:
        top = self.mapping(value, at, ("allowed", "after_months"))
        return Repair(self.flag(top, "allowed", at), self.months(top, "after_months", at))

    def fault(self, at: Place, message: str) -> None:
        self.faults.append((at, message))

    def mapping(
        self, value: Any, at: Place, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            self.fault(at, "must be a mapping")
            return {}
        for name in required:
            if name not in value:
                self.fault((*at, name), "is missing")
        for name in value:
            if name not in required and name not in optional:
                known = ", ".join((*required, *optional))
                self.fault((*at, str(name)), f"is unknown here; known are {known}")
        return {name: item for name, item in value.items() if name in required or name in optional}

    def items(self, value: Any, at: Place) -> list[Any]:
        if isinstance(value, list):
            return value
        if value is not None:
            self.fault(at, "must be a list")
        return []

    def unique(self, names: list[str], at: Place, what: str) -> None:
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.fault(at, f"{what} {name} stands twice")

    def read(self, parser: Callable[[Any], _T], value: Any, at: Place, *, default: _T) -> _T:
        try:
            return parser(value)
        except ValueError as error:
            self.fault(at, str(error))
            return default

    def points(self, top: Mapping[str, Any], name: str, at: Place) -> int:
        return self.read(parse_points, top[name], (*at, name), default=0) if name in top else 0

    def factor(self, top: Mapping[str, Any], name: str, at: Place) -> Factor:
        factor = (
            self.read(parse_factor, top[name], (*at, name), default=parse_factor("1"))
            if name in top
            else parse_factor("1")
        )
        if factor.value > 1:
            self.fault((*at, name), "must be 0 to 1")
        return factor

    def count(self, top: Mapping[str, Any], name: str, at: Place, *, least: int = 0, most: int = _MOST) -> int:
        value = top.get(name, least)
        if type(value) is not int or not least <= value <= most:
            self.fault((*at, name), f"must be a whole number from {least} to {most}")
            return least
        return value

    def months(self, top: Mapping[str, Any], name: str, at: Place, *, least: int = 0) -> int:
        """A number of months: a century at most, so that adding it to a date cannot leave the calendar."""
        return self.count(top, name, at, least=least, most=_MOST_MONTHS)

    def flag(self, top: Mapping[str, Any], name: str, at: Place) -> bool:
        value = top.get(name, False)
        if not isinstance(value, bool):
            self.fault((*at, name), "must be true or false")
        return value is True

    def text(self, top: Mapping[str, Any], name: str, at: Place) -> str:
        value = top.get(name, "-")
        if not isinstance(value, str) or not value.strip():
            self.fault((*at, name), "must be a text that is not empty")
        return str(value)

    def choice(self, top: Mapping[str, Any], name: str, at: Place, choices: tuple[str, ...]) -> str:
        value = top.get(name, choices[0])
        if value not in choices:
            self.fault((*at, name), f"must be one of {', '.join(choices)}")
        return str(value)

    def day(self, top: Mapping[str, Any], name: str) -> date:
        value = top.get(name, "1990-01-01")
        return self.read(_day, value, (name,), default=date(1990, 1, 1))


def _day(value: Any) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a quoted date such as '2026-01-01'")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is no date such as '2026-01-01'") from None
