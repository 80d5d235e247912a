"""A rulebook as a flat table: every rule under its kind, its violation code and its field, so that two compare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shared.credit.points import show_points
from shared.credit.rulebook import KindRules, Rulebook, Violation

Value = str | int | bool | None
"""Points as decimal strings with two places, months as whole numbers; None is what the document calls null."""


class Rule(NamedTuple):
    """Where a rule stands. `kind` is None for the rulebook as a whole, `code` for what is no violation's."""

    kind: str | None
    code: str | None
    field: str


Rules = dict[Rule, Value]


def flatten(book: Rulebook) -> Rules:
    """Every rule of a rulebook, in the order of its form."""
    rules: Rules = {
        Rule(None, None, "title"): book.title,
        Rule(None, None, "published_on"): book.published_on.isoformat(),
        Rule(None, None, "effective_from"): book.effective_from.isoformat(),
    }
    for kind, each in book.kinds.items():
        rules |= {Rule(kind, None, field): value for field, value in _of_kind(each)}
        for code, violation in each.violations.items():
            rules |= {Rule(kind, code, field): value for field, value in _of_violation(violation)}
    return rules


def _of_kind(rules: KindRules) -> Iterator[tuple[str, Value]]:
    for name in ("base", "floor", "ceiling"):
        yield name, show_points(getattr(rules, name))
    for grade in rules.grades:
        yield f"grades.{grade.name}.from", show_points(grade.threshold)
    yield "cycle", "calendar_year" if rules.calendar_year else "rolling"
    yield "minimum_evidence.events", rules.evidence_events
    yield "minimum_evidence.months", rules.evidence_months
    yield "bonus_cap", show_points(rules.bonus_cap)
    bonuses = {"clean_inspection": rules.clean_inspection, **rules.commendations}
    for name, bonus in bonuses.items():
        yield f"bonuses.{name}.points", show_points(bonus.points)
        yield f"bonuses.{name}.lasts_months", bonus.lasts_months
    yield "bonuses.clean_inspection.results", ", ".join(sorted(rules.clean_results))
    for bracket in rules.exposure:
        yield f"exposure.{'beyond' if bracket.up_to is None else f'up_to {bracket.up_to}'}", bracket.factor.text
    yield "publication.score", rules.score_public
    yield "publication.grade", rules.grade_public
    for severity, months in rules.published_months.items():
        yield f"publication.items.{severity}", months


def _of_violation(violation: Violation) -> Iterator[tuple[str, Value]]:
    yield "name", violation.name
    yield "legal_basis", "；".join(violation.legal_basis)
    for severity, points in violation.points.items():
        yield f"points.{severity}", show_points(points)
        yield f"lasts_months.{severity}", violation.lasts_months[severity]
    if violation.repeat:
        yield "repeat.within_months", violation.repeat.within_months
        yield "repeat.multipliers", ", ".join(factor.text for factor in violation.repeat.multipliers)
    yield "rectified_factor", violation.rectified_factor.text
    for severity, repair in violation.repair.items():
        yield f"repair.{severity}.allowed", repair.allowed
        yield f"repair.{severity}.after_months", repair.after_months
    yield "caps_grade", violation.caps_grade
    yield "carries_over", ", ".join(sorted(violation.carries_over)) or None
