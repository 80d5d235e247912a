"""Lists of subjects: the directory says who may belong in one, each subject's own answer says whether it does."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from services.lookup.desk import Desk, refusals
from services.lookup.lists.criteria import Criteria
from services.lookup.question import Question
from services.lookup.reading import DirectoryReader, Extent
from shared.web.problems import unavailable

_MOST_LOOKED_AT = 1_000
"""Subjects that one page looks at; only where most of the directory lags behind, as at midnight, are they so many."""
_LEAST_AT_ONCE = 20


class Page(NamedTuple):
    """Some of a list, by subject id. `last` is the id after which the next page begins; None where there is none."""

    rows: list[dict[str, Any]]
    last: str | None
    extent: Extent


class Lists:
    """Answers out of the directory and the subjects' own summaries; every refusal is a problem."""

    def __init__(self, directory: DirectoryReader, desk: Desk) -> None:
        self._directory = directory
        self._desk = desk

    def page(self, criteria: Criteria, day: date, after: str, most: int) -> Page:
        """The subjects for which the criteria hold on a day, today's in Shanghai, in the view of the ledger's audience.

        A page never ends at a subject that is not shown: its id would tell what it was filed under before.
        """
        with refusals():
            extent, rows, looked_at = self._directory.extent(), list[dict[str, Any]](), 0
            while len(rows) <= most:
                wanted = max(most + 1 - len(rows), _LEAST_AT_ONCE)
                found = self._directory.find(extent, criteria, after, wanted)
                questions = [_question(subject_id, criteria, day) for subject_id in found]
                rows += filter(criteria.hold, self._desk.answers(questions))
                looked_at += len(found)
                if len(found) < wanted:
                    break
                if looked_at >= _MOST_LOOKED_AT:
                    return Page(rows[:most], _last(rows[:most]), extent)
                after = found[-1]
        return Page(rows[:most], _last(rows[:most]) if len(rows) > most else None, extent)


def _question(subject_id: str, criteria: Criteria, day: date) -> Question:
    return Question(subject_id, criteria.ledger, criteria.ledger, day, day, None)


def _last(rows: list[dict[str, Any]]) -> str:
    if not rows:
        raise unavailable("Too little of the directory holds today; it is being brought up to date.", retry_after=10)
    last: str = rows[-1]["subject_id"]
    return last
