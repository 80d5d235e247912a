"""The desk answers questions: it asks the reader, judges whether the kept summary still holds, and else computes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

import structlog

from services.lookup import answers
from services.lookup.question import Question
from services.lookup.reading import Head, SubjectReader
from services.lookup.receipt_pages import LARGE
from services.lookup.recent import Recent
from shared.credit.facts import Fact
from shared.credit.receipt import Receipt
from shared.credit.rulebook import NoRulebook, Rulebooks
from shared.web.access import UNBOUND
from shared.web.applied import refuse_unapplied, store_refusals
from shared.web.bounds import out_of_bounds
from shared.web.problems import NOT_FOUND, Kind, ProblemError, unavailable

FAILED = Kind("failed", 503, "This subject cannot be scored until a fault of ours is repaired")
NO_RULEBOOK = Kind("no-rulebook", 404, "No rulebook was in force")

_REPAIR_SECONDS = 600
"""After how long to ask again for what failed: a repair takes a release, which then computes it within minutes."""

_ROOM = 30_000
"""Items of all receipts that a process keeps: some 60 MB."""

_log = structlog.get_logger(__name__)


class Missing(Enum):
    """Why a subject has no body: a fault of ours failed on it, or it has left the asker's bounds."""

    FAILED = "failed"
    GONE = "gone"


class Known(NamedTuple):
    """What a subject's receipts are made of, read once."""

    facts: Sequence[Fact]
    rulebooks: Rulebooks

    def receipt(self, question: Question, supposed: Sequence[Fact] = ()) -> Receipt:
        """The receipt; as if what is supposed were among the facts. Raises `ProblemError`."""
        try:
            return answers.receipt_of(question, [*self.facts, *supposed], self.rulebooks)
        except NoRulebook:
            detail = f"No rulebook of its kind was in force on {question.as_of}, so there is no score."
            raise ProblemError(NO_RULEBOOK, detail) from None


class Desk:
    """Answers out of the store; every refusal is a problem. `rulebooks` gives those published by now."""

    def __init__(self, reader: SubjectReader, rulebooks: Callable[[], Rulebooks | None]) -> None:
        self._reader = reader
        self._rulebooks = rulebooks
        self._receipts = Recent[Receipt](_ROOM, lambda receipt: len(receipt["items"]), LARGE)

    def answer(self, question: Question) -> dict[str, Any]:
        """The body of a subject."""
        with store_refusals():
            return self._answer(question, self._head(question), self._rulebooks())

    def answers(self, questions: Sequence[Question]) -> Iterator[dict[str, Any]]:
        """The bodies of several subjects; what nothing is known of, and what a fault of ours failed on, is left out."""
        return (body for _, body in self.each(questions) if not isinstance(body, Missing))

    def each(self, questions: Sequence[Question]) -> Iterator[tuple[Question, dict[str, Any] | Missing]]:
        """Several questions with their bodies, or why there is none. What nothing is known of is left out, and what
        never was within the asker's bounds: not even its failure is his business.
        """
        with store_refusals():
            heads, rulebooks = self._reader.heads([question.subject_id for question in questions]), self._rulebooks()
            for question in questions:
                head = heads.get(question.subject_id)
                if head and question.bounds.covers_region(head.region):
                    yield question, Missing.FAILED if head.failed else self._answer(question, head, rulebooks)
                elif head and any(question.bounds.covers_region(each) for each in head.former_regions):
                    yield question, Missing.GONE

    def _answer(self, question: Question, head: Head, rulebooks: Rulebooks | None) -> dict[str, Any]:
        if question.is_plain and answers.is_current(head, rulebooks, question.day):
            return answers.of_summary(question, head)
        return answers.of_facts(question, head, self._reader.facts(question.subject_id), _known(rulebooks))

    def receipt(self, question: Question) -> Receipt:
        """The receipt of a subject, computed on reading; a large one is kept for as long as nothing moves it."""
        with store_refusals():
            head, rulebooks = self._head(question), _known(self._rulebooks())

            def make() -> Receipt:
                return Known(self._reader.facts(question.subject_id), rulebooks).receipt(question)

            # The facts are read after the head: a receipt is never older than the digest that it is kept under.
            return self._receipts.of((question._replace(bounds=UNBOUND), head.digest, rulebooks.digest), make)

    def known(self, question: Question) -> Known:
        """What is known of a subject by now, for several receipts that must not differ by what comes in between."""
        with store_refusals():
            self._head(question)
            return Known(self._reader.facts(question.subject_id), _known(self._rulebooks()))

    def history(self, question: Question, until: date) -> Iterator[dict[str, Any]]:
        """What turned a subject's score up to a day, the latest first."""
        with store_refusals():
            self._head(question)
            facts = self._reader.facts(question.subject_id)
            return answers.history_of(question, facts, _known(self._rulebooks()), until)

    def plates(self, question: Question) -> list[dict[str, Any]]:
        """A subject's cases by number plate."""
        with store_refusals():
            self._head(question)
            facts = self._reader.facts(question.subject_id)
            return answers.plates_of(question, facts, _known(self._rulebooks()))

    def replies(self, question: Question) -> list[dict[str, Any]]:
        """What a subject has to say of its items."""
        with store_refusals():
            self._head(question)
            facts = self._reader.facts(question.subject_id)
            return answers.replies_of(question, facts, _known(self._rulebooks()))

    def _head(self, question: Question) -> Head:
        head = self._reader.head(question.subject_id)
        if head is None:
            raise ProblemError(
                NOT_FOUND, "No event that is applied names this subject. What was accepted a moment ago comes soon."
            )
        if not question.bounds.covers_region(head.region):
            named = " and ".join(question.bounds.regions)
            if head.region is None:
                raise out_of_bounds(
                    f"This access key is for {named} alone, and no entry of the register says where this subject is: "
                    "send a cn.chengxin.subject.upserted.v1."
                )
            raise out_of_bounds(f"This access key is for {named} alone; ask without it for what everybody may see.")
        if head.failed:
            detail = "Its facts are kept; its score comes back with the repair."
            raise ProblemError(FAILED, detail, headers={"Retry-After": str(_REPAIR_SECONDS)})
        refuse_unapplied(question.known_at, head.applied_until)
        return head


def _known(rulebooks: Rulebooks | None) -> Rulebooks:
    if rulebooks is None:
        raise unavailable("The rulebooks have not been read from the log yet.")
    return rulebooks
