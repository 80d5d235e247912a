"""What a draw rests on beside its seed: a plan that is complete, and the lists that it is frozen with.

All of it comes from live data; nobody brings a list of his own, since a list that a planner brings can be steered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from services.draws.codes import Codes
from services.draws.steps import Draw


class Completed(NamedTuple):
    """A plan with all that follows from live data, and the SHA-256 of the private list of inspectors' codes.

    `strata` are those that its pool can have, where that is known.
    """

    plan: Mapping[str, Any]
    codes_sha256: str | None = None
    strata: tuple[str, ...] | None = None


class Lists(NamedTuple):
    """The lists by file name, the strata that such a pool can have, and who is not in the roster, by id, and why.

    `cases`: which case has which code, where cases are drawn.
    """

    files: Mapping[str, bytes]
    strata: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    cases: Codes | None = None


class Assembler(Protocol):
    """Whoever knows subjects and inspectors; raises `ProblemError` and `LogUnavailable`."""

    def completed(self, plan: Mapping[str, Any], *, keep: bool) -> Completed:
        """The plan with what it leaves to us; nothing is written unless it is to be kept."""

    def assemble(self, draw: Draw) -> Lists:
        """The lists of a draw, by its `as_of` and `known_at`."""
