"""The lists that a plan is frozen with: who may be drawn, by whom they may be inspected, and who is left out.

All of them come from live data; nobody brings a list of his own, since a list that a planner brings can be steered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from services.draws.steps import Draw
from shared.draw.plan import Plan

Handlers = Mapping[str, frozenset[str]]
"""For a pool of cases, who handled each: they do not review their own."""


class Assembled(Protocol):
    """A pool as a plan asks for it; `strata` are all that such a pool can have."""

    @property
    def pool(self) -> bytes: ...
    @property
    def excluded(self) -> bytes: ...
    @property
    def strata(self) -> tuple[str, ...]: ...
    @property
    def handlers(self) -> Handlers: ...


class Pools(Protocol):
    """Whoever knows the subjects. Raises `ProblemError`."""

    def assemble(self, plan: Plan) -> Assembled: ...


class Roster(Protocol):
    """The inspectors that a plan asks for, and whom they do not inspect."""

    @property
    def roster(self) -> bytes: ...
    @property
    def recusals(self) -> bytes: ...


class People(Protocol):
    """Whoever knows the inspectors. Raises `ProblemError`."""

    def assemble(self, draw: Draw, handlers: Handlers, pool: bytes) -> Roster: ...


class Lists(NamedTuple):
    """The lists by file name, and the strata that such a pool can have."""

    files: Mapping[str, bytes]
    strata: tuple[str, ...]


Assemble = Callable[[Draw], Lists]
"""The lists of a draw as of now. Raises `ProblemError`."""


def assembled(pools: Pools, people: People, draw: Draw) -> Lists:
    """The lists of a draw. Raises `ProblemError`."""
    pool = pools.assemble(draw.plan)
    inspectors = people.assemble(draw, pool.handlers, pool.pool)
    files = {
        "pool.tsv": pool.pool,
        "excluded.tsv": pool.excluded,
        "roster.tsv": inspectors.roster,
        "recusals.tsv": inspectors.recusals,
    }
    return Lists(files, pool.strata)
