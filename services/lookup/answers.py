"""A question and what is known make the answer; nothing here reads a clock, a store or a request."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import orjson

from services.lookup.plates.breakdown import by_plate
from services.lookup.question import Question
from services.lookup.reading import Head
from shared.credit.audience import history_for, receipt_for, view_for
from shared.credit.dossiers import gather, kind_of
from shared.credit.facts import Fact
from shared.credit.receipt import Receipt
from shared.credit.replies import replies_for
from shared.credit.rulebook import NoRulebook, Rulebooks, Version
from shared.credit.score import Account, open_account
from shared.credit.shown import Body, shown, shown_of
from shared.credit.summary import registration


def is_current(head: Head, rulebooks: Rulebooks | None, day: date) -> bool:
    """Whether a kept summary holds today: made by all rulebooks that are known here, and not yet due.

    Where none could be read (the log is down since the start) the due date alone decides: reads go on.
    """
    due = head.summary["due_on"]
    return (
        (rulebooks is None or head.rulebooks >= len(rulebooks))
        and head.day <= day.toordinal()
        and (due is None or day.isoformat() < due)
    )


def of_summary(question: Question, head: Head) -> Body:
    """The answer out of a kept summary."""
    return _dated(question, head, shown_of(head.summary, question.ledger, public=question.audience == "public"))


def of_facts(question: Question, head: Head, facts: Sequence[Fact], rulebooks: Rulebooks) -> Body:
    """The answer computed anew."""
    account = _account(question, facts, rulebooks)
    version = account.versions.in_force(question.as_of)
    view = view_for(question.audience, account, question.as_of, question.day) if version else None
    known = [fact for fact in facts if question.known_at is None or fact.recorded_at <= question.known_at]
    said = question.subject_id, question.ledger, registration(known), view, _named(version)
    body = shown(*said, public=question.audience == "public")
    return _dated(question, head, body)


def receipt_of(question: Question, facts: Iterable[Fact], rulebooks: Rulebooks) -> Receipt:
    """The receipt as the asker may see it. Raises `NoRulebook`."""
    account = _account(question, facts, rulebooks)
    if account.versions.in_force(question.as_of) is None:
        raise NoRulebook(question.as_of)
    return receipt_for(question.audience, account, question.as_of, question.day)


def history_of(question: Question, facts: Iterable[Fact], rulebooks: Rulebooks, until: date) -> Iterator[Body]:
    """The turns up to a day, the latest first, as the asker may see them."""
    return history_for(question.audience, _account(question, facts, rulebooks), until, question.day)


def replies_of(question: Question, facts: Sequence[Fact], rulebooks: Rulebooks) -> list[Body]:
    """What the subject has to say of its items, as the asker may read it."""
    known = [fact for fact in facts if question.known_at is None or fact.recorded_at <= question.known_at]
    return replies_for(question.audience, _account(question, facts, rulebooks), known, question.day)


def plates_of(question: Question, facts: Iterable[Fact], rulebooks: Rulebooks) -> list[Body]:
    """The cases by number plate, for whoever may see all of the ledger."""
    return by_plate(_account(question, facts, rulebooks), question.as_of)


def tag_of(body: Body) -> str:
    """The entity tag of a body: the same as long as it says the same, however far the log was applied since."""
    said = {name: value for name, value in body.items() if name != "applied_until"}
    return hashlib.blake2b(orjson.dumps(said, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


def _account(question: Question, facts: Iterable[Fact], rulebooks: Rulebooks) -> Account:
    versions = rulebooks.of(kind_of(question.subject_id))
    dossiers = gather(question.subject_id, facts, versions, question.known_at)
    return open_account(dossiers, versions, question.ledger)


def _named(version: Version | None) -> Body | None:
    return version and {"id": version.book.id, "version": version.number, "sha256": version.book.sha256}


def _dated(question: Question, head: Head, body: Body) -> Body:
    body |= {"as_of": question.as_of.isoformat(), "applied_until": head.applied_until}
    return body
