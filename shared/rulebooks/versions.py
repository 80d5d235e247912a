"""What the versions of one rulebook owe each other (SCORING.md section 2), and what a reader should be warned of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from shared.credit.rulebook import KindRules, Place, Rulebook, RulebookError, Rulebooks, Violation

ORDER_36 = date(2026, 4, 1)
"""NDRC Order No. 36《信用修复管理办法》 is in force: how many months each severity may be published."""

_PUBLISHED = {"minor": (1, 3), "general": (3, 12), "serious": (12, 36)}


class Remark(NamedTuple):
    """A sentence about a place in a rulebook."""

    book: Rulebook
    place: Place
    message: str


def contradictions(books: Sequence[Rulebook]) -> list[Remark]:
    """Where versions of a set contradict each other; a set with any must not be published."""
    remarks = [remark for older, newer in _successors(books) for remark in broken(older, newer)]
    try:
        Rulebooks(books)
    except RulebookError as error:
        for place, message in error.faults:
            last = max((book for book in books if place[-1] in book.kinds), key=lambda book: (book.id, book.version))
            remarks.append(Remark(last, place, message))
    return remarks


def warnings(books: Sequence[Rulebook]) -> list[Remark]:
    """What is allowed but seldom meant."""
    before = {(newer.id, newer.version): older for older, newer in _successors(books)}
    return [remark for book in books for remark in warnings_of(book, before.get((book.id, book.version)))]


def warnings_of(book: Rulebook, before: Rulebook | None) -> list[Remark]:
    """What is seldom meant in one version, beside the one before it where there is one."""
    remarks = list(_harsher(before, book)) if before else []
    for kind, rules in book.kinds.items():
        remarks += _published_beyond_law(book, kind, rules)
        remarks += [
            Remark(book, (*_place(kind, rules, code), "caps_grade"), f"{code} is abolished but still caps grades")
            for code, violation in rules.violations.items()
            if violation.caps_grade and not any(violation.points.values())
        ]
    return remarks


def predecessor(book: Rulebook, books: Iterable[Rulebook]) -> Rulebook | None:
    """The version that a book follows: the highest of its id below its own."""
    earlier = [other for other in books if other.id == book.id and other.version < book.version]
    return max(earlier, key=lambda other: other.version, default=None)


def _successors(books: Sequence[Rulebook]) -> Iterator[tuple[Rulebook, Rulebook]]:
    ordered = sorted(books, key=lambda book: (book.id, book.version))
    return ((older, newer) for older, newer in pairwise(ordered) if older.id == newer.id)


def broken(older: Rulebook, newer: Rulebook) -> Iterator[Remark]:
    """Where a newer version of a rulebook does not keep what the older one promised."""
    before = f"version {older.version}"
    if newer.effective_from < older.effective_from:
        yield Remark(newer, ("effective_from",), f"must not be before that of {before} ({older.effective_from})")
    for kind, rules in older.kinds.items():
        now = newer.kinds.get(kind)
        if now is None:
            yield Remark(newer, ("kinds",), f"must keep {kind}, which {before} has")
            continue
        names = [grade.name for grade in rules.grades]
        if [grade.name for grade in now.grades] != names:
            yield Remark(newer, ("kinds", kind, "grades"), f"must have the names of {before}: {', '.join(names)}")
        for code, violation in rules.violations.items():
            for severity in violation.points:
                if code not in now.violations or severity not in now.violations[code].points:
                    message = f"must keep {code} {severity} of {before}; points '0' abolish it"
                    yield Remark(newer, _place(kind, now, code), message)


def _harsher(older: Rulebook, newer: Rulebook) -> Iterator[Remark]:
    for kind, rules in newer.kinds.items():
        known = older.kinds[kind].violations if kind in older.kinds else {}
        for code, violation in rules.violations.items():
            if code in known:
                for name, message in _harsher_than(known[code], violation, [grade.name for grade in rules.grades]):
                    yield Remark(newer, (*_place(kind, rules, code), name), f"{code}: {message}")


def _harsher_than(before: Violation, now: Violation, grades: list[str]) -> Iterator[tuple[str, str]]:
    """An older act takes the version with fewer points (从旧兼从轻), and with it all else of that version."""
    lighter = [severity for severity in now.points if now.points[severity] < before.points.get(severity, 0)]
    for severity in lighter:
        if now.lasts_months[severity] > before.lasts_months[severity]:
            yield "lasts_months", f"fewer points than before for {severity}, but for longer"
    worst = grades.index(before.caps_grade) if before.caps_grade in grades else -1
    if lighter and now.caps_grade is not None and grades.index(now.caps_grade) > worst:
        yield "caps_grade", f"fewer points than before for {', '.join(lighter)}, but a new cap"


def _published_beyond_law(book: Rulebook, kind: str, rules: KindRules) -> Iterator[Remark]:
    if book.effective_from >= ORDER_36:
        for severity, months in rules.published_months.items():
            least, most = _PUBLISHED[severity]
            if not least <= months <= most:
                message = f"{months} months is not {least} to {most}, as NDRC Order 36 has it for {severity}"
                yield Remark(book, ("kinds", kind, "publication", "items", severity), message)


def _place(kind: str, rules: KindRules, code: str) -> Place:
    """Where a code stands; its list, where it does not stand at all."""
    codes = list(rules.violations)
    at: Place = ("kinds", kind, "violations")
    return (*at, codes.index(code)) if code in rules.violations else at
