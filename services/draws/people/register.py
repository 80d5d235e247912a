"""Inspectors and outcomes as the draws' worker has filed them; what cannot be said is a problem."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from services.draws.people.filed import (
    Entry,
    Outcome,
    entry_of,
    identities,
    outcome_field,
    outcome_of,
    withdrawn_field,
)
from services.draws.pools.chosen import regions_of
from shared.draw.plan import Plan
from shared.eventlog.port import TopicPartition
from shared.store.client import StoreUnavailable
from shared.store.people import People
from shared.web.applied import NOT_APPLIED_YET
from shared.web.problems import ProblemError, unavailable

_AT_ONCE = 1_000
_LOOKS, _BETWEEN_LOOKS = 20, 0.25
"""A worker tells every second how far it is: an instant that has just been is waited for."""


class Register:
    """Reads the store; threads may share it. Every method raises `ProblemError` where the store does not answer."""

    def __init__(self, people: People, partitions: int, wait: Callable[[float], None] = time.sleep) -> None:
        """`partitions` is the number of those of the subject topics."""
        self._people, self._partitions, self._wait = people, partitions, wait

    def await_applied(self, known_at: datetime) -> None:
        """Wait a little until all that the log held at an instant is filed. Raises `ProblemError` where it is not."""
        looks = 1
        while (until := self._applied_until()) < known_at and looks < _LOOKS:
            looks += 1
            self._wait(_BETWEEN_LOOKS)
        if until >= known_at:
            return
        detail = "Not everything that the log held at `known_at` is applied yet; ask again in a moment."
        raise ProblemError(NOT_APPLIED_YET, detail, headers={"Retry-After": "2"}, applied_until=until)

    def _applied_until(self) -> datetime:
        with _refusals():
            until = self._people.applied_until(self._partitions)
        if until is None:
            raise unavailable("The register of inspectors is being filled from the log.", retry_after=10)
        return until

    def entries(self, known_at: datetime | None = None) -> dict[str, Entry]:
        """Everybody's entry by what was known at an instant."""
        found: dict[str, Entry] = {}
        after = ""
        while some := self.after(after, _AT_ONCE):
            found |= self.of(some, known_at)
            after = some[-1]
        return found

    def after(self, inspector_id: str, most: int) -> list[str]:
        """Ids behind one of them, in the order of their bytes."""
        with _refusals():
            return self._people.ids_after(inspector_id, most)

    def of(self, ids: Sequence[str], known_at: datetime | None = None) -> dict[str, Entry]:
        """The entries of inspectors; who is not known is left out."""
        with _refusals():
            found = self._people.inspectors(ids)
        entries = {inspector_id: entry_of(lines, known_at) for inspector_id, lines in found.items()}
        return {inspector_id: entry for inspector_id, entry in entries.items() if entry}

    def outcomes(self, plan: Plan, subjects: Sequence[str]) -> Mapping[str, Outcome]:
        """What came of a draw's inspections, by subject, as far as it is known; withdrawn ones are left out."""
        regions = regions_of(plan)
        fields = {outcome_field(plan.draw_id, subject_id): subject_id for subject_id in subjects}
        with _refusals():
            found = {fields[field]: lines for field, lines in self._people.outcomes(list(fields)).items()}
            named = {subject_id: identities(lines) for subject_id, lines in found.items()}
            asked = [withdrawn_field(subject_id, *each) for subject_id, here in named.items() for each in here]
            withdrawn = self._people.withdrawn(asked)
        outcomes = {
            subject_id: outcome_of(
                lines, [each for each in named[subject_id] if withdrawn_field(subject_id, *each) in withdrawn], regions
            )
            for subject_id, lines in found.items()
        }
        return {subject_id: outcome for subject_id, outcome in outcomes.items() if outcome}

    def passes(self, at: TopicPartition, offset: int) -> bool:
        """Whether the record at an offset is filed."""
        with _refusals():
            return self._people.positions([at])[at] > offset


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except StoreUnavailable:
        raise unavailable("The store does not answer now. Ask again later.") from None
