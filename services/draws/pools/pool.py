"""What a plan says of its pool 抽查范围: read from what a planner asks for, and written into the plan. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError

from services.draws.pools.defaults import CLEAN_DAYS, CLEAN_DAYS_NOT_FOR, VISITS_PER_YEAR
from services.draws.pools.schemas import PoolSchema
from shared.registry.regions import prefix_of
from shared.web.problems import INVALID, Fault, ProblemError, faults

_LIMITS = ("clean_days", "clean_days_not_for", "visits_per_year")
_DECIDED = ("decided_from", "decided_until")


@dataclass(frozen=True, slots=True)
class SubjectPool:
    """Subjects of a kind that are registered in regions, but for those who were drawn too recently or too often.

    Of key items 重点事项 nobody is left out for that.
    """

    kind: str
    regions: tuple[str, ...]
    key_items: bool
    clean_days: int
    clean_days_not_for: tuple[str, ...]
    visits_per_year: Mapping[str, int]

    def keys(self) -> dict[str, Any]:
        """The plan's `pool`."""
        limits = {
            "clean_days": self.clean_days,
            "clean_days_not_for": list(self.clean_days_not_for),
            "visits_per_year": dict(self.visits_per_year),
        }
        common = {"of": "subjects", "kind": self.kind, "regions": list(self.regions), "key_items": self.key_items}
        return common if self.key_items else common | limits


@dataclass(frozen=True, slots=True)
class CasePool:
    """Cases in regions against subjects of a kind, decided from a day until another, both of them included."""

    kind: str
    regions: tuple[str, ...]
    decided_from: date
    decided_until: date

    def keys(self) -> dict[str, Any]:
        """The plan's `pool`."""
        return {
            "of": "cases",
            "kind": self.kind,
            "regions": list(self.regions),
            "decided_from": self.decided_from.isoformat(),
            "decided_until": self.decided_until.isoformat(),
        }


Pool = SubjectPool | CasePool


def pool_of(asked: Any, as_of: date) -> Pool:
    """The pool that is asked for, with the defaults of what is left out, to be judged as of a day.

    What `keys` gives is read as the same pool. Raises `ProblemError` that names every field at fault below `/pool`.
    """
    try:
        given: dict[str, Any] = PoolSchema().load(asked)
    except ValidationError as error:
        raise ProblemError(INVALID, "The pool has not the right form.", errors=faults(error.messages, "pool")) from None
    if found := list(_faults(given, as_of)):
        raise ProblemError(INVALID, "The pool says what does not go together.", errors=found)
    regions = tuple(sorted({prefix_of(region) for region in given["regions"]}))
    if given["of"] == "cases":
        first, last = (date.fromisoformat(given[name]) for name in _DECIDED)
        return CasePool(given["kind"], regions, first, last)
    key_items = given.get("key_items", False)
    return SubjectPool(
        given["kind"],
        regions,
        key_items=key_items,
        clean_days=0 if key_items else given.get("clean_days", CLEAN_DAYS),
        clean_days_not_for=() if key_items else tuple(sorted(given.get("clean_days_not_for", CLEAN_DAYS_NOT_FOR))),
        visits_per_year={} if key_items else given.get("visits_per_year", VISITS_PER_YEAR),
    )


def _faults(given: Mapping[str, Any], as_of: date) -> Iterator[Fault]:
    if given["of"] == "cases":
        yield from _not_for(given, ("key_items", *_LIMITS), "is said of subjects alone; leave it out")
        yield from (Fault(f"/pool/{name}", "is required of cases") for name in _DECIDED if name not in given)
        last = given.get("decided_until", "")
        if last > as_of.isoformat():
            yield Fault("/pool/decided_until", f"must not be later than `as_of`, {as_of}")
        if last < given.get("decided_from", ""):
            yield Fault("/pool/decided_until", "must not be before `decided_from`")
    else:
        yield from _not_for(given, _DECIDED, "is said of cases alone; leave it out")
        if given.get("key_items"):
            yield from _not_for(given, _LIMITS, "leaves nobody out of key items; leave it out")


def _not_for(given: Mapping[str, Any], names: tuple[str, ...], message: str) -> Iterator[Fault]:
    return (Fault(f"/pool/{name}", message) for name in names if name in given)
