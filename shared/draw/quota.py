"""How many subjects of each stratum are drawn (DRAW.md section 2, quota). Exact: whole numbers and fractions only."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from shared.draw.plan import Plan, Stratum


def quotas(plan: Plan, sizes: Mapping[str, int]) -> dict[str, int]:
    """By stratum of the plan, in its order; `sizes` are those of the pool's strata."""
    wanted = {stratum.name: _wanted(stratum, sizes.get(stratum.name, 0)) for stratum in plan.strata}
    total = sum(wanted.values())
    if plan.cap is None or total <= plan.cap:
        return wanted
    cut = {name: divmod(quota * plan.cap, total) for name, quota in wanted.items()}
    left = plan.cap - sum(whole for whole, _ in cut.values())
    # Stable: of equal remainders the stratum named earlier comes first.
    first = set(sorted(cut, key=lambda name: -cut[name][1])[:left])
    return {name: whole + (name in first) for name, (whole, _) in cut.items()}


def _wanted(stratum: Stratum, size: int) -> int:
    if stratum.rate is not None:
        return ceil(stratum.rate * size)
    return min(stratum.count or 0, size)
