"""Which draws rest on the same seed source, or were drawn from the same pool (DRAW.md section 8). Pure.

Fifty pools frozen for one throw of the dice, of which one is shown, are no draw: so everybody sees who shares what. One
beacon for all draws of a day is none of that; whoever looks can tell by the plans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from services.draws.steps import Draws

_MOST = 100
"""Draws that are named; how many there are is told beside."""


class Sharing:
    """What the commitments of some draws share, in the order of their planning."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws

    @cached_property
    def sources(self) -> Mapping[str, list[str]]:
        """Draws by the name of a seed source, which names the very event."""
        found: dict[str, list[str]] = defaultdict(list)
        for draw in self._draws.by_id.values():
            if draw.committed:
                for source in draw.plan.seed_sources:
                    found[source.name].append(draw.draw_id)
        return found

    @cached_property
    def pools(self) -> Mapping[str, list[str]]:
        """Draws by the SHA-256 of their pool."""
        found: dict[str, list[str]] = defaultdict(list)
        for draw in self._draws.by_id.values():
            if draw.committed:
                found[draw.committed.sha256s["pool.tsv"]].append(draw.draw_id)
        return found

    def with_draw(self, draw_id: str) -> dict[str, list[str]]:
        """The other commitments that share something with one draw's, as its dossier shows them."""
        draw = self._draws.by_id[draw_id]
        if draw.committed is None:
            return {}
        of_source = {each: None for source in draw.plan.seed_sources for each in self.sources[source.name]}
        of_pool = self.pools[draw.committed.sha256s["pool.tsv"]]
        return {
            "shares_seed_source_with": [each for each in of_source if each != draw_id][:_MOST],
            "shares_pool_with": [each for each in of_pool if each != draw_id][:_MOST],
        }

    def all(self) -> dict[str, list[dict[str, object]]]:
        """Everything that more than one commitment rests on, the most shared first."""
        return {
            "seed_sources": list(_shared("name", self.sources)),
            "pools": list(_shared("pool_sha256", self.pools)),
        }


def _shared(key: str, found: Mapping[str, list[str]]) -> Iterator[dict[str, object]]:
    several = sorted(
        ((of, ids) for of, ids in found.items() if len(ids) > 1), key=lambda each: (-len(each[1]), each[0])
    )
    return ({key: of, "draws": len(ids), "draw_ids": ids[:_MOST]} for of, ids in several[:_MOST])
