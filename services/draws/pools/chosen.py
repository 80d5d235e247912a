"""Whom a draw has chosen: what somebody says came of a draw counts where that draw chose the subject. Pure.

*Else* whoever may send inspections could say of a shop that it was drawn and clean, and nobody would draw it for
months.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any, NamedTuple

from shared.draw.plan import Plan
from shared.registry.regions import prefix_of


class Chosen(NamedTuple):
    """Those whom a draw has selected, after its replacements, and the regions (prefixes) that its plan names."""

    subjects: Container[str]
    regions: tuple[str, ...]


NOBODY = Chosen((), ())
ChosenBy = Callable[[str], Chosen]
"""By a draw's id; nobody by one that is unknown, or was not drawn by then."""


def regions_of(plan: Plan) -> tuple[str, ...]:
    """The regions (prefixes) that a plan draws from; a plan by hand that names none draws from everywhere."""
    return tuple(map(prefix_of, plan.document.get("pool", {}).get("regions", ()))) or ("",)


def is_outcome(chosen_by: ChosenBy, subject_id: str, inspection: Mapping[str, Any]) -> bool:
    """Whether an inspection is what came of a draw: of whom that one chose, and where it drew."""
    if "draw_id" not in inspection:
        return False
    chosen = chosen_by(inspection["draw_id"])
    return subject_id in chosen.subjects and str(inspection["region"]).startswith(chosen.regions)
