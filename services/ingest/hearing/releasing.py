"""What subjects said is read by a clerk before everybody may read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from services.ingest.hearing.desk import WRONG
from services.ingest.hearing.hearing import names_of, release, taken_back, unread
from services.ingest.hearing.records import Records, nothing, region_of
from shared.credit.facts import Fact
from shared.credit.objections import authors_of, content_of
from shared.events.envelope import Event
from shared.web.bounds import Bounds
from shared.web.problems import INVALID, Fault, Kind, ProblemError

TAKEN_BACK = Kind("release-taken-back", 409, "The release of this was taken back")


class Releasing:
    """Lists what waits, releases it, and takes releases back. Every act raises `ProblemError`."""

    def __init__(self, records: Records, write: Callable[[Sequence[Event]], list[Fact]]) -> None:
        """`write` as the desk has it."""
        self._records, self._write = records, write

    def waiting(self, bounds: Bounds) -> list[dict[str, Any]]:
        """Statements within bounds that nobody has released, in no order."""
        found: list[dict[str, Any]] = []
        for subject_id, facts in self._records.everyone():
            for which in unread(subject_id, facts):
                told = self._records.told(which, facts)
                if told is not None and bounds.covers_region(region_of(told, facts)):
                    found.append(told)
        return found

    def release(self, objection_id: str, bounds: Bounds, reviewer: str) -> dict[str, Any]:
        """A clerk lets the public read what was said. Doing it twice writes nothing."""
        which, facts = self._records.of(objection_id, bounds)
        told = self._records.told(which, facts)
        if told is None:
            raise nothing()
        if reviewer in authors_of(content_of(facts, told["about"], told["number"])):
            fault = Fault("/reviewer", "is an author of what was replied to; another officer has to read it")
            raise ProblemError(INVALID, WRONG, errors=[fault])
        written = set(names_of(which, facts))
        if "taken_back" in written:
            raise ProblemError(TAKEN_BACK, "What it says can be filed again, and read again before its release.")
        if "released" not in written:
            self._write([release(which, told, reviewer, self._records.clock())])
        return {**told, "released": True}

    def take_back(self, objection_id: str, bounds: Bounds) -> dict[str, Any]:
        """What was released is public no more, for good. Doing it twice writes nothing."""
        which, facts = self._records.of(objection_id, bounds)
        told, written = self._records.told(which, facts), set(names_of(which, facts))
        if told is None or "released" not in written:
            raise nothing()
        if "taken_back" not in written:
            self._write([taken_back(which, self._records.clock())])
        return {**told, "released": False}
