"""Whether a version may be published now (SCORING.md section 2): the rules about numbers, bytes and days. Pure.

The form, the laws and what versions owe each other are `check`'s.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from shared.credit.rulebook import Rulebook, Rulebooks


class Refusal(NamedTuple):
    """Why a version is not published: a word for programs, a sentence for people."""

    reason: Literal["other-bytes", "backwards", "not-after-today"]
    sentence: str


class Verdict(NamedTuple):
    """`published`: these very bytes are on the log already, so there is nothing to do and nothing to refuse."""

    published: bool
    refusals: list[Refusal]


def judge(book: Rulebook, published: Rulebooks, today: date, *, late: bool = False) -> Verdict:
    """Whether `book` may join the published versions on a day in Shanghai.

    A version in force from a day that is not to come changes scores that were served already; only the first of an id
    may be, since nothing was scored before it, and one that is published late knowingly.
    """
    known = published.books.get((book.id, book.version))
    if known is not None and known.sha256 == book.sha256:
        return Verdict(published=True, refusals=[])
    if known is not None:
        return Verdict(published=False, refusals=[_other_bytes(book, known)])
    refusals = []
    numbers = [version for id_, version in published.books if id_ == book.id]
    if numbers and book.version < max(numbers):
        sentence = f"version {book.version} would come after version {max(numbers)} of {book.id}, which is published"
        refusals.append(Refusal("backwards", f"{sentence}: the next is {max(numbers) + 1}"))
    if numbers and not late and book.effective_from <= today:
        sentence = f"effective_from {book.effective_from} is not after today in Shanghai ({today})"
        refusals.append(Refusal("not-after-today", f"{sentence}: scores that were served already would change"))
    return Verdict(published=False, refusals=refusals)


def _other_bytes(book: Rulebook, known: Rulebook) -> Refusal:
    return Refusal(
        "other-bytes",
        f"{book.id} v{book.version} is published with other bytes (SHA-256 {known.sha256}, this file {book.sha256}): "
        "a published version never changes, add a version",
    )
