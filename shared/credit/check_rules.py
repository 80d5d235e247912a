"""What a receipt must fulfil by the rulebooks it names: each line by its version, the top by the one of as_of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shared.credit.check_arithmetic import Check, judged
from shared.credit.periods import add_months, next_january
from shared.credit.points import ONE, show_points, times
from shared.credit.rulebook import Bonus, KindRules, Rulebooks, Version, Versions, Violation
from shared.credit.score import grade_of
from shared.credit.stated import BONUSES, Stated, StatedItem


def named(stated: Stated, rulebooks: Rulebooks) -> tuple[Rulebooks | None, list[Check]]:
    """The rulebooks that the receipt names out of those given, None where one is wanting or another; and the checks."""
    checks = []
    for book in stated.rulebooks:
        given = rulebooks.books.get((book.id, book.version))
        if given is None:
            faults = ["is not among the rulebooks given"]
        elif given.sha256 != book.sha256:
            faults = [f"the one given has the SHA-256 {given.sha256}"]
        else:
            faults = [] if stated.kind in given.kinds else [f"does not speak of {stated.kind}"]
        checks.append(judged(f"rulebook {book.id} {book.version}", faults))
    names = {(book.id, book.version) for book in stated.rulebooks}
    others = [
        f"{book.id} {book.version}"
        for key, book in sorted(rulebooks.books.items())
        if key not in names and stated.kind in book.kinds
    ]
    if others:
        detail = f"{', '.join(others)} not named by the receipt: published after it, or left out of it"
        checks.append(Check("rulebooks", None, detail))
    if not all(check.holds for check in checks[: len(stated.rulebooks)]):
        return None, checks
    return Rulebooks(rulebooks.books[key] for key in names), checks


def by_rulebooks(stated: Stated, rulebooks: Rulebooks) -> Iterator[Check]:
    """The checks of a receipt by all rulebooks that it names."""
    versions = rulebooks.of(stated.kind)
    version = versions.in_force(stated.as_of)
    if version is None:
        yield Check("rule_version", False, f"no version is in force on {stated.as_of}")
        return
    wrong = f"version {version.number} is in force on {stated.as_of}"
    yield judged("rule_version", [] if version.number == stated.rule_version else [wrong])
    yield from _top(stated, version.rules)
    for item in stated.items:
        yield judged(f"{item.name} by its rulebook", list(_item(item, stated, versions)))


def _top(stated: Stated, rules: KindRules) -> Iterator[Check]:
    if stated.public_view:
        shown = (rules.score_public, rules.grade_public)
        wrong = "the score is" if rules.score_public else "the score is not"
        wrong += " published, the grade is" if rules.grade_public else " published, the grade is not"
        stands = ("score" not in stated.hidden, "grade" not in stated.hidden)
        yield judged("publication", [] if stands == shown else [wrong])
    if stated.base is not None and stated.bonus is not None and stated.deductions is not None:
        earned = sum(item.counted or 0 for item in stated.items if item.type in BONUSES)
        bonus = min(earned, rules.bonus_cap)
        score = max(rules.floor, min(rules.ceiling, rules.base + bonus - stated.deductions))
        for name, value, right in (
            ("base", stated.base, rules.base),
            ("bonus", stated.bonus, bonus),
            ("score", stated.score, score),
        ):
            wrong = f"must be {show_points(right)}"
            yield judged(f"{name} by the rulebook", [] if value == right else [wrong])
    caps = {item.caps_grade for item in stated.items if item.state == "active" and item.caps_grade}
    basis = "insufficient" if stated.evidence_events < rules.evidence_events and not caps else "evidence"
    yield judged("basis", [] if stated.basis == basis else [f"must be {basis}"])
    if "grade" in stated.hidden:
        return
    if stated.score is None:
        if basis == "evidence":
            yield Check("grade", None, "the score that it rests on is left out")
        return
    grade = grade_of(rules.grades, stated.score, caps) if basis == "evidence" else None
    yield judged("grade", [] if stated.grade == grade else [f"must be {grade}"])


def _item(item: StatedItem, stated: Stated, versions: Versions) -> Iterator[str]:
    at_act, at_decision = versions.in_force(item.occurred_on), versions.in_force(item.decided_on)
    if item.state in ("revoked", "absorbed"):
        return
    if (at_act is None) != (item.state == "unscored"):
        yield f"{'no' if at_act is None else 'a'} version is in force on {item.occurred_on}"
    if at_act is None or at_decision is None or item.state == "unscored":
        return
    if item.type in BONUSES:
        yield from _bonus(item, at_decision)
        return
    version = at_act if item.rule_version == at_act.number else at_decision
    if item.rule_version != version.number:
        yield f"must follow version {at_act.number} or {at_decision.number}"
        return
    violation, severity = version.rules.violations.get(item.code or ""), item.severity or ""
    if violation is None or severity not in violation.points:
        yield f"version {version.number} does not list {item.code} {item.severity}"
        return
    yield from _deduction(item, severity, version, violation)
    yield from _period(item, severity, version, violation, _published_until(item, stated, at_decision))


def _bonus(item: StatedItem, version: Version) -> Iterator[str]:
    rules = version.rules
    bonus: Bonus | None = rules.clean_inspection
    if item.type == "commendation":
        bonus = rules.commendations.get(item.code or "")
    if bonus is None:
        yield f"version {version.number} does not list {item.code}"
        return
    start = item.decided_on
    until = next_january(start) if rules.calendar_year else add_months(start, bonus.lasts_months)
    yield from _differing(
        ("rule_version", item.rule_version, version.number),
        ("points", item.points, bonus.points if item.points is not None else None),
        ("until", item.until, until),
        *((name, getattr(item, name), None) for name in ("n", "multiplier", "exposure", "caps_grade", "legal_basis")),
    )


def _deduction(item: StatedItem, severity: str, version: Version, violation: Violation) -> Iterator[str]:
    yield from _differing(
        ("caps_grade", item.caps_grade, violation.caps_grade),
        ("legal_basis", item.legal_basis, violation.legal_basis),
    )
    if item.points is None or item.counted is None:
        return
    n = item.n or 0
    if n < 1 or (violation.repeat is None and n != 1):
        yield "n must be 1" if violation.repeat is None else "n must be 1 or more"
        return
    multiplier = ONE
    if violation.repeat:
        multiplier = violation.repeat.multipliers[min(n, len(violation.repeat.multipliers)) - 1]
    factors = {bracket.factor.text: bracket.factor for bracket in version.rules.exposure} | {ONE.text: ONE}
    exposure = factors.get(item.exposure or "")
    if exposure is None:
        yield f"exposure must be one of {', '.join(factors)}"
        return
    points = times(violation.points[severity], multiplier.value, exposure.value)
    yield from _differing(("multiplier", item.multiplier, multiplier.text))
    if item.points != points:
        yield (
            f"points must be {show_points(violation.points[severity])} × {multiplier.text} × {exposure.text}"
            f" = {show_points(points)}"
        )
    rectified = times(points, violation.rectified_factor.value)
    if item.type == "finding" and item.state == "active" and item.counted not in (points, rectified):
        yield f"it must count {show_points(points)}, or rectified {show_points(rectified)}"


def _published_until(item: StatedItem, stated: Stated, at_decision: Version) -> date | None:
    """The end of the public period, decided_on itself where the severity is not published; None if internal."""
    if stated.ledger == "internal":
        return None
    months = at_decision.rules.published_months.get(item.severity or "")
    return add_months(item.decided_on, months) if months else item.decided_on


def _period(
    item: StatedItem, severity: str, version: Version, violation: Violation, published_until: date | None
) -> Iterator[str]:
    """Until when it is active: its expiry, or a repair that may work before it."""
    start = item.decided_on
    if published_until == start:
        yield f"{severity} is not published by the version in force on {start}"
        return
    expiry = add_months(start, violation.lasts_months[severity])
    if version.rules.calendar_year:
        january = next_january(start)
        expiry = max(expiry, january) if severity in violation.carries_over else january
    expiry = min(expiry, published_until or expiry)
    repair = violation.repair[severity]
    earliest = add_months(start, repair.after_months)
    until = item.until
    assert until is not None
    repairable = repair.allowed and earliest <= until < expiry
    if until != expiry and not repairable:
        reason = f"or a repair from {earliest} on" if repair.allowed else "and no repair is allowed"
        yield f"until must be {expiry}, {reason}"
    elif (item.state == "repaired" and until == expiry) or (item.state == "expired" and until != expiry):
        yield f"it ends on {until}, its expiry is {expiry}: it cannot be {item.state}"


def _differing(*said: tuple[str, object, object]) -> Iterator[str]:
    for name, value, right in said:
        if value != right:
            yield f"{name} must be {show_points(right) if name == 'points' and isinstance(right, int) else right}"
