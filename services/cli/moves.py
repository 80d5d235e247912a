"""The CSV file of a dry-run: a row for each subject that would move to another grade in either ledger."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from typing import IO

from shared.credit.dossiers import kind_of
from shared.credit.facts import Fact
from shared.credit.item import LEDGERS, Ledger
from shared.credit.points import show_points
from shared.credit.summary import registration
from shared.rulebooks.dry_run import Move
from shared.spreadsheets import harmless

_FIELDS = ("from", "to", "score_from", "score_to")
HEADER = ["subject_id", "kind", "name", "region", *(f"{ledger}_{field}" for ledger in LEDGERS for field in _FIELDS)]


class MovesFile:
    """Rows into an open file. It wants the encoding `utf-8-sig`: spreadsheets need its mark for Chinese."""

    def __init__(self, file: IO[str]) -> None:
        self._rows = csv.writer(file)
        self._rows.writerow(HEADER)

    def add(self, subject_id: str, facts: Iterable[Fact], moves: Mapping[Ledger, Move]) -> None:
        """Add a subject where it moves."""
        if not any(move.moves for move in moves.values()):
            return
        known = registration(facts) or {}
        row = [subject_id, kind_of(subject_id), known.get("name", ""), known.get("region", "")]
        for ledger in LEDGERS:
            before, after = moves[ledger]
            row += [before.grade, after.grade, _points(before.score), _points(after.score)]
        self._rows.writerow([harmless(cell) for cell in row])


def _points(score: int | None) -> str:
    return "" if score is None else show_points(score)
