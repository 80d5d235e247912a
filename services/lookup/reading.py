"""What a look-up asks of the store, and nothing more; `store_reader.py` answers it, and so may a test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.credit.facts import Fact


@dataclass(frozen=True, slots=True)
class Head:
    """A subject without its facts.

    `rulebooks` is how many versions the summary rests on, `day` the proleptic ordinal of the day it was made for;
    everything that the log held until `applied_until` is in it. A `failed` subject's facts could not be folded.
    """

    summary: dict[str, Any]
    rulebooks: int
    day: int
    applied_until: datetime
    failed: bool = False


class SubjectReader(Protocol):
    """Reads subjects. Both raise `Rebuilding` and `StoreDown`."""

    def head(self, subject_id: str) -> Head | None:
        """A subject's summary; None where nothing is known of it."""

    def facts(self, subject_id: str) -> list[Fact]:
        """All of its facts, in no order."""


class Rebuilding(Exception):
    """The part of the store that holds the subject is being filled from the log again."""

    def __init__(self, behind: int | None) -> None:
        super().__init__(behind)
        self.behind = behind
        """Records that have yet to be applied; None where no worker has begun."""


class StoreDown(Exception):
    """The store does not answer now."""
