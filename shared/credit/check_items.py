"""What each line of a receipt must fulfil by its version of the rulebook. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shared.credit.periods import add_months, next_january
from shared.credit.points import ONE, show_points, times
from shared.credit.rulebook import Bonus, Version, Versions, Violation
from shared.credit.stated import BONUSES, Stated, StatedItem


def item_faults(item: StatedItem, stated: Stated, versions: Versions) -> Iterator[str]:
    """What is wrong with a line, in plain sentences."""
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
    points = times(violation.points[severity], multiplier, exposure)
    yield from _differing(("multiplier", item.multiplier, multiplier.text))
    if item.points != points:
        yield (
            f"points must be {show_points(violation.points[severity])} × {multiplier.text} × {exposure.text}"
            f" = {show_points(points)}"
        )
    rectified = times(points, violation.rectified_factor)
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
