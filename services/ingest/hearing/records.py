"""What was filed, read out of subjects' facts: by its subject, by clerks, and by who goes on from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.ingest.hearing.hearing import Named, all_filed, filed, named, shown
from services.ingest.kept import Kept, refusals
from shared.clock import day_of
from shared.credit.facts import Fact
from shared.credit.objections import Limits, content_of, objections
from shared.registry.working_days import CalendarOf
from shared.web.bounds import Bounds, out_of_bounds
from shared.web.problems import NOT_FOUND, ProblemError


@dataclass(frozen=True, slots=True)
class Terms:
    """What the law and the installation lay down: limits in working days, and the calendars they are counted by."""

    limits: Limits
    calendars: CalendarOf


class Records:
    """Reads filings. Every method raises `ProblemError`."""

    def __init__(self, kept: Kept, clock: Callable[[], datetime], terms: Terms) -> None:
        self._kept, self.clock, self._terms = kept, clock, terms

    def read(self, objection_id: str, bounds: Bounds) -> dict[str, Any]:
        """What became of a filing."""
        which, facts = self.of(objection_id, bounds)
        told = self.told(which, facts)
        if told is None:
            raise nothing()
        return told

    def open(self, bounds: Bounds) -> list[dict[str, Any]]:
        """Open objections within bounds, in no order."""
        today = day_of(self.clock())
        with refusals():
            return [
                shown(subject_id, each, self._terms.limits, self._terms.calendars, today)
                for subject_id, facts in self._kept.everyone()
                for each in objections(facts)
                if each.decided_on is None and bounds.covers_region(each.region)
            ]

    def own(self, subject_id: str) -> list[dict[str, Any]]:
        """What a subject has filed, in no order."""
        facts = self._facts(subject_id)
        return [told for which in all_filed(subject_id, facts) if (told := self.told(which, facts))]

    def everyone(self) -> Iterator[tuple[str, list[Fact]]]:
        """Every subject with its facts."""
        with refusals():
            yield from self._kept.everyone()

    def of(self, objection_id: str, bounds: Bounds) -> tuple[Named, list[Fact]]:
        """Where a filing lies, and its subject's facts."""
        which = named(objection_id)
        if which is None:
            raise nothing()
        if bounds.subject not in (None, which.subject_id):
            raise out_of_bounds(f"This access key is for {bounds.subject} alone.")
        facts = self._facts(which.subject_id)
        told = self.told(which, facts)
        if told is not None:
            bounds.refuse_region(region_of(told, facts))
        return which, facts

    def _facts(self, subject_id: str) -> list[Fact]:
        with refusals():
            return self._kept.facts_of(subject_id)

    def facts_by_now(self, subject_id: str) -> list[Fact]:
        """With those that the log has and nobody reads yet."""
        with refusals():
            coming = self._kept.coming(subject_id)
            return [*coming, *self._kept.facts_of(subject_id)]

    def told(self, which: Named, facts: Sequence[Fact]) -> dict[str, Any] | None:
        """What is told of a filing; None where there is none."""
        return filed(which, facts, self._terms.limits, self._terms.calendars, day_of(self.clock()))


def region_of(told: Mapping[str, Any], facts: Sequence[Fact]) -> str | None:
    """Of what a filing is about."""
    return (content_of(facts, told["about"], told["number"]) or {}).get("region")


def nothing() -> ProblemError:
    """404: there is no such filing."""
    return ProblemError(NOT_FOUND, "Nothing was filed under this id.")
