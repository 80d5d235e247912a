"""Lists of subjects: the directory says who may belong in one, each subject's own answer says whether it does."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple, NoReturn

from services.lookup.desk import Desk
from services.lookup.lists.criteria import Criteria
from services.lookup.question import Question
from services.lookup.reading import DirectoryReader, Extent
from shared.web.applied import store_refusals
from shared.web.problems import unavailable

_MOST_LOOKED_AT = 1_000
"""Subjects that one page looks at. They are so many where most of the directory lags behind, as at midnight, and where
many names have a part's pairs of characters and not the part."""
_LEAST_AT_ONCE = 20


class Page(NamedTuple):
    """Some of a list, by subject id. `last` is the id after which the next page begins; None where there is none.

    A page with a next one may be short, or empty: a thousand subjects were looked at.
    """

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

        A page ends at a subject that is found by what is true of it today, shown or not. Never at another one: its id
        would tell what it was filed under before.
        """
        with store_refusals():
            extent, rows, looked_at, last = self._directory.extent(), list[dict[str, Any]](), 0, ""
            while len(rows) <= most:
                wanted = max(most + 1 - len(rows), _LEAST_AT_ONCE)
                ids = self._directory.find(extent, criteria, after, wanted)
                answers = self._desk.answers([_question(subject_id, criteria, day) for subject_id in ids])
                found = [each for each in answers if criteria.find(each)]
                rows += filter(criteria.hold, found)
                looked_at += len(ids)
                if len(ids) < wanted:
                    break
                after, last = ids[-1], found[-1]["subject_id"] if found else last
                if looked_at >= _MOST_LOOKED_AT and len(rows) <= most:
                    return Page(rows, last or _lagging(), extent)
        return Page(rows[:most], rows[most - 1]["subject_id"] if len(rows) > most else None, extent)


def _question(subject_id: str, criteria: Criteria, day: date) -> Question:
    return Question(subject_id, criteria.ledger, criteria.ledger, day, day, None)


def _lagging() -> NoReturn:
    raise unavailable("Too little of the directory holds today; it is being brought up to date.", retry_after=10)
