"""The register as it is: plans are completed, and lists made, out of live subjects and inspectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from services.draws.assembling import Completed, Lists
from services.draws.people.assembling import People, new_salt
from services.draws.pools.coded import coded
from services.draws.pools.pool import pool_of
from services.draws.pools.pools import Pools
from services.draws.steps import Draw


class Live:
    """Subjects and inspectors together. Threads may share it."""

    def __init__(self, pools: Pools, people: People, salt: Callable[[], str] = new_salt) -> None:
        """`salt` gives each case's code its own."""
        self._pools, self._people, self._salt = pools, people, salt

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
        pool, cases = self._pools.assemble(draw.plan), None
        if draw.plan.document["pool"]["of"] == "cases":
            pool, cases = coded(pool, self._salt)
        people = self._people.assemble(draw, pool, cases.by_id if cases else {})
        files = {
            "pool.tsv": pool.pool,
            "excluded.tsv": pool.excluded,
            "roster.tsv": people.roster,
            "recusals.tsv": people.recusals,
        }
        return Lists(files, pool.strata, people.left_out, cases)
