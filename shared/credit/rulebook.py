"""Rulebooks as data: what each kind's violations cost, and which version is in force (SCORING.md section 2)."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from shared.credit.points import Factor

SEVERITIES = ("minor", "general", "serious")
"""轻微, 一般, 严重."""


class Grade(NamedTuple):
    name: str
    threshold: int


class Repeat(NamedTuple):
    within_months: int
    multipliers: tuple[Factor, ...]


class Repair(NamedTuple):
    allowed: bool
    after_months: int


class Bonus(NamedTuple):
    points: int
    lasts_months: int


class Bracket(NamedTuple):
    up_to: int | None
    factor: Factor


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation code; points are hundredths, keyed by severity as are the months."""

    code: str
    name: str
    legal_basis: tuple[str, ...]
    points: Mapping[str, int]
    lasts_months: Mapping[str, int]
    repeat: Repeat | None
    rectified_factor: Factor
    repair: Mapping[str, Repair]
    caps_grade: str | None
    carries_over: frozenset[str]


@dataclass(frozen=True, slots=True)
class KindRules:
    """The rules of one kind of subject in one version."""

    base: int
    floor: int
    ceiling: int
    grades: tuple[Grade, ...]
    calendar_year: bool
    evidence_events: int
    evidence_months: int
    bonus_cap: int
    clean_inspection: Bonus
    clean_results: frozenset[str]
    commendations: Mapping[str, Bonus]
    exposure: tuple[Bracket, ...]
    score_public: bool
    grade_public: bool
    published_months: Mapping[str, int]
    violations: Mapping[str, Violation]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One published version; `sha256` is that of its bytes as published."""

    id: str
    version: int
    title: str
    published_on: date
    effective_from: date
    kinds: Mapping[str, KindRules]
    sha256: str


Place = tuple[str | int, ...]


class RulebookError(ValueError):
    """A document that is no rulebook, or versions that contradict each other: every fault with its place."""

    def __init__(self, faults: list[tuple[Place, str]]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"/{'/'.join(map(str, place))}: {message}" for place, message in faults))


class NoRulebook(LookupError):
    """No version of the kind's rulebook is in force on the date."""


class Version(NamedTuple):
    """A rulebook version as one kind sees it."""

    number: int
    effective_from: date
    rules: KindRules
    book: Rulebook


class Versions:
    """All versions of one kind's rulebook, in the order in which they come into force."""

    def __init__(self, books: Iterable[Rulebook], kind: str) -> None:
        ordered = sorted(books, key=lambda book: (book.effective_from, book.version))
        self.all = [Version(book.version, book.effective_from, book.kinds[kind], book) for book in ordered]
        self._starts = [version.effective_from for version in self.all]
        # Asked some three times for each fact, and of few different days.
        self.in_force = lru_cache(maxsize=4096)(self._in_force)
        """The latest effective_from not after a day, ties to the higher version; None before the first."""
        self.repeat_windows = {
            code: frozenset(
                violation.repeat.within_months
                for version in self.all
                if (violation := version.rules.violations.get(code)) and violation.repeat
            )
            for code in {code for version in self.all for code in version.rules.violations}
        }

    def _in_force(self, day: date) -> Version | None:
        index = bisect_right(self._starts, day)
        return self.all[index - 1] if index else None


class Rulebooks:
    """The set of published versions. `digest` names it; since it only grows, `len` orders two states of it."""

    def __init__(self, books: Iterable[Rulebook]) -> None:
        self.books = {(book.id, book.version): book for book in books}
        by_kind: dict[str, list[Rulebook]] = defaultdict(list)
        for book in self.books.values():
            for kind in book.kinds:
                by_kind[kind].append(book)
        faults: list[tuple[Place, str]] = [
            (("kinds", kind), f"has rulebooks of several ids: {', '.join(sorted(ids))}; one id per kind")
            for kind, versions in by_kind.items()
            if len(ids := {book.id for book in versions}) > 1
        ]
        if faults:
            raise RulebookError(faults)
        self._versions = {kind: Versions(versions, kind) for kind, versions in by_kind.items()}
        names = sorted(f"{book.id}\n{book.version}\n{book.sha256}\n" for book in self.books.values())
        self.digest = hashlib.sha256("".join(names).encode()).hexdigest()

    def __len__(self) -> int:
        return len(self.books)

    def of(self, kind: str) -> Versions:
        """The versions for a kind; none where no rulebook speaks of it."""
        return self._versions.get(kind) or Versions((), kind)
