"""Reads one violation of a rulebook document (SCORING.md section 2). Pure."""

from __future__ import annotations

from typing import Any

from shared.credit.form import Form
from shared.credit.points import parse_factor
from shared.credit.rulebook import SEVERITIES, Place, Repair, Repeat, Violation


class ViolationForm(Form):
    """The part of a rulebook's form that is about violations."""

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
