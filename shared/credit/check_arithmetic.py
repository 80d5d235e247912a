"""What a receipt must fulfil by itself: its sums, and each line's state by its dates (SCORING.md 3.6 to 3.10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shared.credit.item import TYPES
from shared.credit.points import show_points
from shared.credit.stated import BONUSES, VOID, Stated, StatedItem


class Check(NamedTuple):
    """One thing that was checked: True holds, False does not, None could not be checked with what was given."""

    name: str
    holds: bool | None
    detail: str = ""


def judged(name: str, faults: list[str]) -> Check:
    """A check that holds where nothing was found wrong."""
    return Check(name, not faults, "; ".join(faults))


def by_arithmetic(stated: Stated) -> Iterator[Check]:
    """The checks that need nothing but the receipt."""
    faults = []
    if stated.kind != stated.subject_id.partition(":")[0]:
        faults.append(f"kind {stated.kind} is not that of {stated.subject_id}")
    if stated.next_change_on is not None and stated.next_change_on <= stated.as_of:
        faults.append("next_change_on is not later than as_of")
    if "grade" not in stated.hidden and (stated.grade is None) != (stated.basis == "insufficient"):
        faults.append("the grade is null where the basis is insufficient, and nowhere else")
    places = [(TYPES.index(item.type), item.ref, item.index) for item in stated.items]
    if places != sorted(set(places)):
        faults.append("items stand by type, reference and index, each once")
    yield judged("top", faults)
    for item in stated.items:
        yield judged(item.name, [*_dates(item, stated), *_amounts(item)])
    yield from _sums(stated)


def _dates(item: StatedItem, stated: Stated) -> Iterator[str]:
    """Its state must be that of its dates."""
    ruled = (item.rule_version, item.start, item.until)
    if item.state in VOID:
        if any(value is not None for value in (*ruled, item.n, item.multiplier, item.exposure, item.legal_basis)):
            yield f"what is {item.state} has no version, multiplier, exposure, period or basis"
        return
    if None in ruled or item.start is None or item.until is None:
        yield f"what is {item.state} has a version and a period"
        return
    if item.start != item.decided_on:
        yield f"from must be its decided_on, {item.decided_on}"
    if stated.as_of < item.start:
        states: tuple[str, ...] = ("future",)
    else:
        states = ("active",) if stated.as_of < item.until else ("repaired", "expired")
    if item.state not in states:
        yield f"from {item.start} until {item.until} it is {' or '.join(states)} on {stated.as_of}, not {item.state}"
    if stated.public_view and item.state != "active":
        yield "what is not active is not public"
    if item.type != "case" and item.occurred_on != item.decided_on:
        yield f"occurred_on and decided_on of a {item.type} are one day"


def _amounts(item: StatedItem) -> Iterator[str]:
    """What it counts must follow from its points and its state."""
    if item.points is None or item.counted is None:
        return
    if item.state in VOID and item.points:
        yield f"what is {item.state} has 0.00 points"
    if item.state != "active" and item.counted:
        yield f"what is {item.state} counts 0.00"
    if item.state == "active" and item.counted != item.points:
        if item.type != "finding":
            yield f"it must count its points, {show_points(item.points)}"
        elif item.counted > item.points:
            yield f"a rectified finding counts no more than its points, {show_points(item.points)}"


def _sums(stated: Stated) -> Iterator[Check]:
    """Deductions and bonus from the lines, the score from base, bonus and deductions."""
    if stated.score is None or stated.base is None or stated.bonus is None or stated.deductions is None:
        yield Check("amounts", None, "the receipt leaves out its amounts: no sum can be checked")
        return
    deductions = sum(item.counted or 0 for item in stated.items if item.type not in BONUSES)
    wrong = f"the items sum up to {show_points(deductions)}"
    yield judged("deductions", [] if deductions == stated.deductions else [wrong])
    bonus = sum(item.counted or 0 for item in stated.items if item.type in BONUSES)
    wrong = f"the items sum up to {show_points(bonus)}"
    if stated.bonus < bonus:
        yield Check("bonus", None, f"{wrong}; the cap is in the rulebook")
    else:
        yield judged("bonus", [] if stated.bonus == bonus else [wrong])
    open_score = stated.base + stated.bonus - stated.deductions
    wrong = f"base + bonus - deductions is {show_points(open_score)}"
    # Base lies within the bounds, so a score that was lifted to the floor is at most the base, one held by the
    # ceiling at least.
    lifted, held = open_score < stated.score <= stated.base, open_score > stated.score >= stated.base
    if lifted or held:
        yield Check("score", None, f"{wrong}; the {'floor' if lifted else 'ceiling'} is in the rulebook")
    else:
        yield judged("score", [] if stated.score == open_score else [wrong])
