"""What a new version would do: every subject's standing with and without it, and who would move to another grade.

Pure, a subject at a time, by the same function that scores (SCORING.md section 3); only what is counted is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from shared.credit.dossiers import gather, kind_of
from shared.credit.facts import Fact
from shared.credit.item import LEDGERS, Ledger
from shared.credit.rulebook import NoRulebook, Rulebook, Rulebooks
from shared.credit.score import Account, open_accounts

INSUFFICIENT, NO_RULEBOOK = "insufficient", "no-rulebook"
"""Where a subject without a grade stands: too little evidence (未评), or no version in force."""


class Place(NamedTuple):
    """Where a subject stands on a day. `grade` is a grade's name, or why there is none; `score` is hundredths."""

    grade: str
    score: int | None


class Move(NamedTuple):
    """A subject's places in a ledger, without and with the new version."""

    before: Place
    after: Place

    @property
    def moves(self) -> bool:
        """Whether the grade is another; the score alone may be too."""
        return self.before.grade != self.after.grade


class Tally:
    """How many subjects of a kind stand where, in one ledger."""

    def __init__(self) -> None:
        self.grades: Counter[tuple[str, str]] = Counter()
        self.rescored = 0
        """Subjects that keep their grade with another score."""

    def add(self, move: Move) -> None:
        self.grades[move.before.grade, move.after.grade] += 1
        self.rescored += not move.moves and move.before.score != move.after.score

    @property
    def subjects(self) -> int:
        """All that were counted."""
        return self.grades.total()

    @property
    def moving(self) -> int:
        """Those whose grade would be another."""
        return sum(number for (before, after), number in self.grades.items() if before != after)


@dataclass
class DryRun:
    """Counts subjects as they are taken; those of kinds that the new version does not speak of are no matter here."""

    new: Rulebook
    before: Rulebooks
    after: Rulebooks
    as_of: date
    tallies: dict[tuple[str, Ledger], Tally] = field(default_factory=dict)
    acts: int = 0
    """Cases and findings that the new version judges, in the internal ledger; nobody's deductions move without any."""

    def __post_init__(self) -> None:
        self.tallies = {(kind, ledger): Tally() for kind in self.new.kinds for ledger in LEDGERS}

    def concerns(self, subject_id: str) -> bool:
        """Whether the new version speaks of the subject's kind."""
        return kind_of(subject_id) in self.new.kinds

    def take(self, subject_id: str, facts: Iterable[Fact]) -> dict[Ledger, Move]:
        """Count a subject that the version concerns; the answer is where it stands in each ledger."""
        facts = list(facts)
        before = _accounts(subject_id, facts, self.before)
        after = _accounts(subject_id, facts, self.after)
        moves = {ledger: Move(*(_place(each[ledger], self.as_of) for each in (before, after))) for ledger in LEDGERS}
        judging = (item.version for item in after["internal"].items if item.violation)
        self.acts += sum(version is not None and version.book is self.new for version in judging)
        for ledger, move in moves.items():
            self.tallies[kind_of(subject_id), ledger].add(move)
        return moves

    def grades(self, kind: str) -> list[str]:
        """Every place that subjects of a kind may have, best grade first."""
        return [*(grade.name for grade in self.new.kinds[kind].grades), INSUFFICIENT, NO_RULEBOOK]


def dry_run(new: Rulebook, published: Rulebooks, as_of: date) -> DryRun:
    """A dry-run of a version beside those published. Raises `RulebookError` where the set would contradict itself."""
    others = [book for key, book in published.books.items() if key != (new.id, new.version)]
    return DryRun(new, Rulebooks(others), Rulebooks([*others, new]), as_of)


def _accounts(subject_id: str, facts: list[Fact], rulebooks: Rulebooks) -> dict[Ledger, Account]:
    versions = rulebooks.of(kind_of(subject_id))
    dossiers = gather(subject_id, facts, versions)
    return open_accounts(dossiers, versions)


def _place(account: Account, day: date) -> Place:
    try:
        standing = account.at(day)
    except NoRulebook:
        return Place(NO_RULEBOOK, None)
    return Place(standing.grade or INSUFFICIENT, standing.score)
