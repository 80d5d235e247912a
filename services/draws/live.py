"""The register as it is: plans are completed, and lists made, out of live subjects and inspectors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.draws.assembling import Completed, Lists
from services.draws.people.assembling import People
from services.draws.pools.pool import pool_of
from services.draws.pools.pools import Pools
from services.draws.steps import Draw


class Live:
    """Subjects and inspectors together. Threads may share it."""

    def __init__(self, pools: Pools, people: People) -> None:
        self._pools, self._people = pools, people

    def completed(self, plan: Mapping[str, Any], *, keep: bool) -> Completed:
        """The plan with its pool whole, strata where it names none, and codes for the inspectors.

        Raises `ProblemError` and `LogUnavailable`; the codes are written unless the plan is only judged.
        """
        as_of, known_at = date.fromisoformat(plan["as_of"]), datetime.fromisoformat(plan["known_at"])
        pool = pool_of(plan["pool"], as_of)
        strata = plan["strata"] if "strata" in plan else self._pools.default_strata(pool, as_of, known_at)
        codes = self._people.code(known_at, keep=keep)
        whole = {"pool": pool.keys(), "strata": strata, "inspector_codes": codes.inspector_codes}
        return Completed({**plan, **whole}, codes.codes_sha256, self._pools.strata(pool, known_at))

    def assemble(self, draw: Draw) -> Lists:
        """The lists of a draw. Raises `ProblemError` and `LogUnavailable`."""
        pool = self._pools.assemble(draw.plan)
        people = self._people.assemble(draw, pool.handlers, pool.pool)
        files = {
            "pool.tsv": pool.pool,
            "excluded.tsv": pool.excluded,
            "roster.tsv": people.roster,
            "recusals.tsv": people.recusals,
        }
        return Lists(files, pool.strata, people.left_out)
