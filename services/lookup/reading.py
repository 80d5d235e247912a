"""What a look-up asks of the store, and nothing more; `store_reader.py` answers it, and so may a test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from services.lookup.lists.criteria import Criteria
from shared.credit.facts import Fact


class Head(NamedTuple):
    """A subject without its facts.

    `rulebooks` is how many versions the summary rests on, `day` the proleptic ordinal of the day it was made for;
    everything that the log held until `applied_until` is in it. `digest` names all of its facts; those
    of a `failed` subject could not be folded.
    """

    summary: dict[str, Any]
    rulebooks: int
    day: int
    applied_until: datetime
    failed: bool = False
    digest: str = ""

    @property
    def region(self) -> str | None:
        """Where the subject is registered, if it is."""
        return (self.summary.get("registration") or {}).get("region")

    @property
    def former_regions(self) -> Sequence[str]:
        """Where it was registered before."""
        former: Sequence[str] = self.summary.get("former_regions", ())
        return former


class SubjectReader(Protocol):
    """Reads subjects. All raise `Rebuilding` and `StoreUnavailable`."""

    def head(self, subject_id: str) -> Head | None:
        """A subject's summary; None where nothing is known of it."""

    def heads(self, subjects: Sequence[str]) -> dict[str, Head]:
        """The summaries of several; what nothing is known of is left out."""

    def facts(self, subject_id: str) -> list[Fact]:
        """All of its facts, in no order."""


class Extent(NamedTuple):
    """What is in the directory: by partition, the counties of its subjects; the rest of all partitions together.

    All that the log held until `applied_until` is in it, and all that the sweep for the day `swept` has changed.
    """

    counties: tuple[frozenset[str], ...]
    applied_until: datetime
    swept: date


class DirectoryReader(Protocol):
    """Finds subjects. Both raise `Rebuilding` and `StoreUnavailable`."""

    def extent(self) -> Extent:
        """How far the directory is filed now."""

    def find(self, extent: Extent, criteria: Criteria, after: str, most: int) -> list[str]:
        """The first subjects by id, from behind a subject on, that may be what is asked for: hold each against it."""
