"""By what everybody of a snapshot is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from services.draws.pools.chosen import ChosenBy
from services.draws.pools.pool import CasePool, SubjectPool
from shared.credit.rulebook import Versions

P = TypeVar("P", SubjectPool, CasePool)

Pending = Mapping[str, frozenset[str]]
"""Draws that have selected somebody and whose window has not ended, by the id drawn."""


@dataclass(frozen=True, slots=True)
class Terms(Generic[P]):
    """The pool of a plan, its `as_of` and `known_at`, and what was known then of rulebooks and of draws."""

    pool: P
    as_of: date
    known_at: datetime
    versions: Versions
    pending: Pending
    chosen_by: ChosenBy
