"""What differs between two versions of a rulebook, rule by rule, and what a reader should know before it is published.

Pure: it compares what was parsed. Comments and the order of entries are no rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from shared.credit.points import show_points
from shared.credit.rulebook import Place, Rulebook, Violation
from shared.rulebooks import versions
from shared.rulebooks.flat import Rule, Value, flatten

WHOLE = "violation"
"""The field of a change that adds or takes away a violation as a whole."""


class Change(NamedTuple):
    """A rule that differs; None where the version has no such rule, or null."""

    rule: Rule
    old: Value
    new: Value


class Difference(NamedTuple):
    """All that differs. `faults`: why the newer cannot follow the older; a version with any is not published."""

    old: Rulebook
    new: Rulebook
    added: list[tuple[str, str]]
    """Kind and code of violations that only the newer has."""
    removed: list[tuple[str, str]]
    changes: list[Change]
    faults: list[str]
    warnings: list[str]


def compare(old: Rulebook, new: Rulebook) -> Difference:
    """The difference of two versions. Raises `ValueError` where they are of different rulebooks."""
    if old.id != new.id:
        raise ValueError(f"{old.id} and {new.id} are different rulebooks; only versions of one can be compared")
    before, now = _violations(old), _violations(new)
    added, removed = [key for key in now if key not in before], [key for key in before if key not in now]
    changes = [
        *(Change(Rule(*key, WHOLE), None, _briefly(now[key])) for key in added),
        *(Change(Rule(*key, WHOLE), _briefly(before[key]), None) for key in removed),
    ]
    whole = {*added, *removed}
    here, there = flatten(old), flatten(new)
    changes += [
        Change(rule, here.get(rule), there.get(rule))
        for rule in dict.fromkeys([*there, *here])
        if (rule.kind, rule.code) not in whole and here.get(rule) != there.get(rule)
    ]
    return Difference(
        old,
        new,
        added,
        removed,
        sorted(changes, key=_order),
        _faults(old, new),
        said(versions.warnings_of(new, old)),
    )


def said(remarks: Iterable[versions.Remark]) -> list[str]:
    """Remarks as sentences with their places."""
    return [f"{_path(remark.place)}: {remark.message}" for remark in remarks]


def _faults(old: Rulebook, new: Rulebook) -> list[str]:
    faults = said(versions.broken(old, new))
    return faults if new.version > old.version else [f"version: must be higher than {old.version}", *faults]


def _violations(book: Rulebook) -> dict[tuple[str, str], Violation]:
    return {(kind, code): item for kind, rules in book.kinds.items() for code, item in rules.violations.items()}


def _briefly(violation: Violation) -> str:
    costs = ", ".join(
        f"{severity} {show_points(points)} for {violation.lasts_months[severity]} months"
        for severity, points in violation.points.items()
    )
    cap = f", caps at {violation.caps_grade}" if violation.caps_grade else ""
    return f"{violation.name}: {costs}{cap}"


def _order(change: Change) -> tuple[str, str]:
    """The rulebook as a whole, then each kind's own rules, then its violations; within one as the document has it."""
    return change.rule.kind or "", change.rule.code or ""


def _path(place: Place) -> str:
    return ".".join(map(str, place))
