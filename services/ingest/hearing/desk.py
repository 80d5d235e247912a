"""The desk where subjects file objections and replies, and clerks decide."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from services.ingest.hearing.hearing import (
    MARK_DIGITS,
    TAKING_BACK,
    Named,
    decision,
    filing,
    names_of,
    objection_of,
)
from services.ingest.hearing.records import Records, nothing
from services.ingest.jurisdiction import BY_AUTHOR
from services.ingest.kept import refusals
from shared.clock import day_of
from shared.credit.facts import Fact, standing
from shared.credit.masking import personal_numbers
from shared.credit.objections import Objection, authors_of, content_of, objections
from shared.events.envelope import Event
from shared.store.claims import Claiming, Taken, alone
from shared.store.client import StoreUnavailable
from shared.web.bounds import Bounds, out_of_bounds
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED, id_made_of
from shared.web.problems import INVALID, Fault, Kind, ProblemError

OBJECTION_OPEN = Kind("objection-open", 409, "An objection to this is open")
DECIDED = Kind("objection-decided", 409, "This objection has been decided")
WRONG = "The errors say what would be right."


class Desk:
    """Files and decides. Threads and processes may do it side by side."""

    def __init__(self, records: Records, claims: Claiming, write: Callable[[Sequence[Event]], list[Fact]]) -> None:
        """`write` puts events on the log and gives them as facts; it raises `ProblemError`."""
        self._records, self._claims, self._write = records, claims, write

    def file(self, bounds: Bounds, key_id: str, asked: Mapping[str, Any], sent: str | None) -> dict[str, Any]:
        """An objection or a reply of the key's subject. Raises `ProblemError`."""
        subject_id = bounds.subject
        if subject_id is None:
            raise out_of_bounds("This access key is for no subject; a notice's one-time code gives one that is.")
        if found := personal_numbers(asked["statement"]):
            fault = Fault("/statement", f"must not have {' or '.join(found)}; say it without")
            raise ProblemError(INVALID, WRONG, errors=[fault])
        facts = self._records.facts_by_now(subject_id)
        about, number, sort = asked["about"], asked["number"], asked["sort"]
        mark = id_made_of(key_id, sent)[:MARK_DIGITS] if sent is not None else secrets.token_hex(MARK_DIGITS // 2)
        which = Named(subject_id, mark)
        events = filing(which, about, number, sort, asked["statement"], self._records.clock())
        if before := self._records.told(which, facts):
            if any(before[name] not in (asked[name], None) for name in ("about", "number", "sort", "statement")):
                raise ProblemError(IDEMPOTENCY_KEY_REUSED, "Take a new Idempotency-Key for another filing.")
            written = {fact.identity for fact in facts}  # the log may have failed in the middle of it
            missing = [event for event in events if (event.source, event.id) not in written]
            return self._written(which, facts, missing, f"filing:{which.objection_id}") if missing else before
        if content_of(standing(facts)[0], about, number) is None:
            fault = Fault("/number", f"must be that of a {about} of {subject_id}")
            raise ProblemError(INVALID, WRONG, errors=[fault])
        if sort == "objection":
            self._refuse_second([each for each in objections(facts) if (each.about, each.number) == (about, number)])
        claim = _filing(subject_id, about, number) if sort == "objection" else f"filing:{which.objection_id}"
        return self._written(which, facts, events, claim)

    def _written(self, which: Named, facts: Sequence[Fact], events: Sequence[Event], claim: str) -> dict[str, Any]:
        try:
            with refusals(), alone(self._claims, claim):
                told = self._records.told(which, [*facts, *self._write(events)])
        except Taken:  # by another request, or by this one that was sent twice at once
            told = self._records.told(which, self._records.facts_by_now(which.subject_id))
            if told is None:
                raise ProblemError(OBJECTION_OPEN, "Another was filed just now; add a reply.") from None
        assert told is not None
        return told

    def _refuse_second(self, before: Sequence[Objection]) -> None:
        """Raises 409: of two on one day the closing of the first takes the mark from both (SCORING.md section 3.12)."""
        if any(each.decided_on is None for each in before):
            raise ProblemError(OBJECTION_OPEN, "It is decided first; until then add a reply.")
        if any(each.decided_on == day_of(self._records.clock()) for each in before):
            raise ProblemError(DECIDED, "One was decided today; another can be filed from tomorrow on.")

    def decide(self, objection_id: str, bounds: Bounds, asked: Mapping[str, Any]) -> dict[str, Any]:
        """A clerk's decision: it closes the objection, and takes back what it revokes. Raises `ProblemError`."""
        which, facts = self._records.of(objection_id, bounds)
        found = objection_of(which, facts)
        if found is None:
            raise nothing()
        if found.decided_on is not None:
            raise ProblemError(DECIDED, f"It was decided on {found.decided_on}: {found.outcome}.")
        faults = []
        if asked["reviewer"] in authors_of(content_of(facts, found.about, found.number)):
            faults.append(Fault("/reviewer", BY_AUTHOR))
        if asked["outcome"] == "revoked" and "instrument_no" not in asked:
            faults.append(Fault("/instrument_no", "is required for what is revoked: the document that says so"))
        if faults:
            raise ProblemError(INVALID, WRONG, errors=faults)
        closing, *taking_back = decision(which, found, asked, facts, self._records.clock())
        written = {fact.identity for fact in facts}
        if asked["outcome"] != "revoked" and any(name.startswith(TAKING_BACK) for name in names_of(which, facts)):
            raise ProblemError(DECIDED, "What it disputes was taken back for it; it can be decided as `revoked` alone.")
        try:
            with refusals(), alone(self._claims, f"decision:{objection_id}"):
                # The closing last: whoever is cut off in between finds it open, and what is done is not done again.
                missing = [each for each in taking_back if (each.source, each.id) not in written]
                facts = [*facts, *(self._write(missing) if missing else ())]
                told = self._records.told(which, [*facts, *self._write([closing])])
        except Taken:
            raise ProblemError(DECIDED, "Somebody else has just decided it.") from None
        with suppress(StoreUnavailable):  # it ends by itself
            self._claims.leave(_filing(which.subject_id, found.about, found.number))
        assert told is not None
        return told


def _filing(subject_id: str, about: str, number: str) -> str:
    """The claim of who files an objection: one to each item is open at a time."""
    return f"objection:{subject_id}:{about}:{number}"
