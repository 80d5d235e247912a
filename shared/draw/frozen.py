"""What was frozen: the five documents, what they commit to, and whether they can be fulfilled (DRAW.md section 1)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from shared.credit.canonical import sha256_of
from shared.draw.checks import Infeasible, Refused
from shared.draw.documents import (
    Pool,
    Recusals,
    Roster,
    parse_excluded,
    parse_pool,
    parse_recusals,
    parse_roster,
)
from shared.draw.inspectors import Lists
from shared.draw.plan import ANY, Entry, Plan, parse_plan
from shared.draw.quota import quotas

FILES = ("plan.json", "pool.tsv", "roster.tsv", "recusals.tsv", "excluded.tsv")
"""The frozen documents, in the order in which their forms are checked."""


@dataclass(frozen=True)
class Frozen:
    """The five documents, parsed."""

    plan: Plan
    pool: Pool
    roster: Roster
    recusals: Recusals
    excluded: Mapping[str, int]
    commitment: str

    @cached_property
    def sizes(self) -> Mapping[bytes, int]:
        """How many are in the pool, by stratum."""
        return Counter(self.pool.strata)

    @cached_property
    def quotas(self) -> dict[str, int]:
        """How many are drawn, by stratum of the plan."""
        return quotas(self.plan, {stratum.decode(): size for stratum, size in self.sizes.items()})

    @cached_property
    def lists(self) -> Lists:
        """The inspectors by department and county."""
        return Lists(self.roster, self.plan.inspector_region)

    def drawn_from(self) -> set[bytes]:
        """The strata of which somebody is drawn."""
        return {name.encode() for name, quota in self.quotas.items() if quota}


def freeze(files: Mapping[str, bytes]) -> Frozen:
    """The frozen documents by file name. Raises `Refused` with the first check of form that fails.

    A document that is missing fails its form.
    """
    plan = parse_plan(_file(files, "plan.json", "plan-form"))
    pool = parse_pool(_file(files, "pool.tsv", "pool-form"))
    roster = parse_roster(_file(files, "roster.tsv", "roster-form"))
    recusals = parse_recusals(_file(files, "recusals.tsv", "recusals-form"))
    excluded = parse_excluded(_file(files, "excluded.tsv", "excluded-form"), pool)
    return Frozen(plan, pool, roster, recusals, excluded, commitment_of(plan, files))


def commitment_of(plan: Plan, files: Mapping[str, bytes]) -> str:
    """The commitment 承诺值 to a plan and the bytes of the four lists."""
    hashes = {
        f"{name.removesuffix('.tsv')}_sha256": hashlib.sha256(files[name]).hexdigest()
        for name in FILES
        if name.endswith(".tsv")
    }
    return sha256_of({**hashes, "plan": plan.document})


def refuse_infeasible(frozen: Frozen) -> None:
    """Raises `Infeasible` unless a panel can be filled for everybody who may be drawn, whatever the loads."""
    needs = _needs(frozen.plan)
    drawn_from, recusals, pool, lists = frozen.drawn_from(), frozen.recusals, frozen.pool, frozen.lists
    too_few = {
        region
        for region in set(pool.regions)
        if any(len(lists.of(department, region)) < need for department, need in needs)
    }
    if not too_few and not recusals:
        return
    doubtful = {place for subject in recusals if (place := pool.place(subject)) is not None}
    if too_few:
        doubtful.update(place for place, region in enumerate(pool.regions) if region in too_few)
    found = [
        pool.subjects[place].decode()
        for place in sorted(doubtful)
        if pool.strata[place] in drawn_from
        and any(
            len(there) - len(there.among(recusals.get(pool.subjects[place], ()))) < need
            for there, need in ((lists.of(department, pool.regions[place]), need) for department, need in needs)
        )
    ]
    if found:
        raise Infeasible(found)


def _needs(plan: Plan) -> list[tuple[str, int]]:
    """How many of a department each entry needs: its own, and what entries before it may have taken of the same."""
    return [
        (entry.department, entry.count + sum(each.count for each in plan.panel[:place] if _share(each, entry)))
        for place, entry in enumerate(plan.panel)
    ]


def _share(one: Entry, other: Entry) -> bool:
    """Whether two entries may name the same inspector."""
    return ANY in (one.department, other.department) or one.department == other.department


def _file(files: Mapping[str, bytes], name: str, check: str) -> bytes:
    if name not in files:
        raise Refused(check, f"{name} is missing")
    return files[name]
