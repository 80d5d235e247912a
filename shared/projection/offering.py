"""A version of a rulebook that somebody offers for publication, the same by command and over HTTP.

Every rule about it is asked; then it goes onto the log, in one transaction with the audit event that says by whom. One
at a time publishes: the log's sole writer is opened before the published versions are read, so that what was judged
still holds when the transaction goes through.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from shared.clock import day_of
from shared.credit.rulebook import Rulebook
from shared.eventlog.own import own_message
from shared.eventlog.port import Log, Message
from shared.eventlog.topics import AUDIT, RULEBOOKS
from shared.events.envelope import Event
from shared.events.types.rulebook_accepted import RULEBOOK_ACCEPTED
from shared.projection.publishing import message_of, published
from shared.rulebooks.check import Report, check_candidate
from shared.rulebooks.difference import compare
from shared.rulebooks.loader import SHIPPED
from shared.rulebooks.publication import Refusal, judge
from shared.rulebooks.versions import predecessor

SOURCE = "urn:chengxin:rulebooks"
WRITER = "rulebooks"

State = Literal["published", "already", "refused", "faulty"]


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered, and by whom. `name` stands in faults; laws and lock are those of `folder`.

    `late`: although it is in force from a day that is not to come.
    """

    content: bytes
    by: str
    name: str = "rulebook.yaml"
    folder: Path = SHIPPED
    late: bool = False


class Answer(NamedTuple):
    """What came of an offer: only what is `published` was appended; `already` are these very bytes.

    `changes` is how many rules differ from the version before, None for the first of an id.
    """

    state: State
    report: Report
    refusals: list[Refusal]
    changes: int | None = None

    @property
    def book(self) -> Rulebook:
        """The version that was offered; there is none in a faulty document."""
        return self.report.books[0]


def offer(log: Log, prefix: str, offered: Offer, now: datetime) -> Answer:
    """Publish a version, where nothing speaks against it; `prefix` begins the names of the log's topics.

    Raises `LogUnavailable`: then it may be published or not, and offering it again is harmless. Raises `Fenced` where
    somebody else has begun to publish, and `UnknownTopic`.
    """
    topic = prefix + RULEBOOKS
    writer = log.sole_writer(WRITER)
    try:
        known = published(log, topic)
        report = check_candidate(offered.content, offered.name, known.books.values(), offered.folder)
        if report.faults:
            return Answer("faulty", report, [])
        [book] = report.books
        verdict = judge(book, known, day_of(now), late=offered.late)
        if verdict.refusals:
            return Answer("refused", report, verdict.refusals)
        before = predecessor(book, known.books.values())
        changes = len(compare(before, book).changes) if before else None
        if verdict.published:
            return Answer("already", report, [], changes)
        told = _told(prefix + AUDIT, book, offered.by, now)
        writer.write([message_of(topic, book, offered.content, SOURCE, now)], lambda _: [told])
        return Answer("published", report, [], changes)
    finally:
        writer.close()


def _told(audit: str, book: Rulebook, by: str, now: datetime) -> Message:
    named = {"id": book.id, "version": book.version, "sha256": book.sha256}
    data = {**named, "effective_from": book.effective_from.isoformat(), "by": by}
    subject = f"rulebook:{book.id}"
    event = Event(f"{book.id}-v{book.version}.accepted", SOURCE, RULEBOOK_ACCEPTED, subject, now.isoformat(), data)
    return own_message(audit, event)
