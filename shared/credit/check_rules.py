"""What a receipt must fulfil by the rulebooks it names: each line by its version, the top by the one of as_of."""

from __future__ import annotations

from collections.abc import Iterator

from shared.credit.check_arithmetic import Check, judged
from shared.credit.check_items import item_faults
from shared.credit.points import show_points
from shared.credit.rulebook import KindRules, Rulebooks, Versions
from shared.credit.score import grade_of
from shared.credit.stated import BONUSES, Stated


def named(stated: Stated, rulebooks: Rulebooks) -> tuple[Rulebooks | None, list[Check]]:
    """The rulebooks that the receipt names out of those given, None where one is wanting or another; and the checks.

    One that is wanting is not checked, and no fault: a receipt is no falser for what its reader does not hold.
    """
    checks = []
    for book in stated.rulebooks:
        name, given = f"rulebook {book.id} {book.version}", rulebooks.books.get((book.id, book.version))
        if given is None:
            checks.append(Check(name, None, "is not among the rulebooks given"))
        elif given.sha256 != book.sha256:
            checks.append(Check(name, False, f"the one given has the SHA-256 {given.sha256}"))
        else:
            checks.append(judged(name, [] if stated.kind in given.kinds else [f"does not speak of {stated.kind}"]))
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
    if stated.public_view:
        yield _publication(stated, versions)
    yield from _top(stated, version.rules)
    for item in stated.items:
        yield judged(f"{item.name} by its rulebook", list(item_faults(item, stated, versions)))


def _publication(stated: Stated, versions: Versions) -> Check:
    """Whether score and grade are shown as the rulebook of the day says on which the receipt was asked for.

    A receipt does not say that day; it is not after as_of, since the past is not public.
    """
    stands = ("score" not in stated.hidden, "grade" not in stated.hidden)
    rules = [version.rules for version in versions.all if version.effective_from <= stated.as_of]
    if stands in {(each.score_public, each.grade_public) for each in rules}:
        return Check("publication", True)
    shown = " and ".join(name for name, stood in zip(("score", "grade"), stands, strict=True) if stood) or "nothing"
    return Check("publication", False, f"{shown} of score and grade is shown, as no version until {stated.as_of} says")


def _top(stated: Stated, rules: KindRules) -> Iterator[Check]:
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
