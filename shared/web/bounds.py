"""Beyond what a key neither sees nor writes anything: regions, event sources, or one subject (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from shared.events.envelope import Fault, pointer
from shared.registry.regions import prefix_of
from shared.web.problems import OUT_OF_BOUNDS, ProblemError

SUBJECT_SCOPE = "subject:read"
ASSIGNMENTS_SCOPE = "assignments:read"
"""An inspector's own: his key is bound to `inspector:<id>`."""
DRAW_FILING_SCOPE = "draws:file"
"""Filing for a draw: of an inspector, from whom he is kept away; of a department, bound to `department:<name>`, whom it
gives.
"""
FILING_SCOPE = "objections:file"
SUBJECT_SCOPES = frozenset({SUBJECT_SCOPE, FILING_SCOPE})
"""What a subject may: see its own items, and say what it has to say of them."""
_INSPECTORS = frozenset({ASSIGNMENTS_SCOPE, DRAW_FILING_SCOPE})
OWN = SUBJECT_SCOPES | _INSPECTORS
"""Scopes of somebody who sees, or says, what is his own alone."""
_INSPECTOR, _DEPARTMENT = "inspector:", "department:"
REGIONLESS = frozenset({"admin", "rulebooks:publish"})
"""What concerns the whole installation: a bound on regions would promise what nothing keeps."""
SOURCED = frozenset({"events:write", "events:correct"})
"""Scopes of who sends events: a bound on sources means nothing for another."""
MOST_BOUNDS = 100


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of a key; where one is empty or None, there is none of that sort.

    `regions` are prefixes of division codes, `sources` whole CloudEvents sources, `subject` is a subject id,
    `inspector:` and an inspector's, or `department:` and a department's name.
    """

    regions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    subject: str | None = None

    @property
    def inspector(self) -> str | None:
        """The inspector whose key it is."""
        return self._after(_INSPECTOR)

    @property
    def department(self) -> str | None:
        """The department whose key it is."""
        return self._after(_DEPARTMENT)

    def _after(self, prefix: str) -> str | None:
        named = self.subject or ""
        return named.removeprefix(prefix) if named.startswith(prefix) else None

    def covers_region(self, region: str | None) -> bool:
        """Whether a region, or the prefix of one, lies within; what has no region lies in no bound."""
        return not self.regions or (region is not None and region.startswith(self.regions))

    def covers_source(self, source: str) -> bool:
        """Whether events of a source may be sent."""
        return not self.sources or source in self.sources

    def refuse_foreign(self, region: str) -> None:
        """Raises 403 `out-of-bounds` where a region, or the prefix of one, has nothing in common with the bounds."""
        if self.regions and not any(region.startswith(each) or each.startswith(region) for each in self.regions):
            self.refuse_region(region)

    def refuse_region(self, region: str | None) -> None:
        """Raises 403 `out-of-bounds` where a region lies outside."""
        if not self.covers_region(region):
            raise out_of_bounds(f"This access key is for {' and '.join(self.regions)} alone (prefixes of regions).")


def out_of_bounds(detail: str) -> ProblemError:
    """403: the key is valid and has the scope, and this is none of its business."""
    return ProblemError(OUT_OF_BOUNDS, detail)


def bound_faults(scopes: Collection[str], bounds: Bounds) -> list[Fault]:
    """What keeps a key with these scopes from having these bounds: a bound that nothing would keep is refused."""
    held = set(scopes)
    faults = [fault for index, prefix in enumerate(bounds.regions) for fault in _prefix_faults(index, prefix)]
    if bounds.regions and (free := held & REGIONLESS):
        faults.append(Fault("/regions", f"cannot bound {_named(free)}, which concerns the whole installation"))
    if bounds.sources and (other := held - SOURCED):
        faults.append(Fault("/sources", f"cannot bound {_named(other)}: only {_named(SOURCED)} send events"))
    own = held & OWN
    if own and (bounds.subject is None or held - OWN):
        faults.append(Fault("/scopes", f"{_named(own)} needs `subject`, and no scope of another sort beside it"))
    if bounds.subject is not None and not own:
        faults.append(Fault("/subject", f"goes with {_named(OWN)} alone"))
    elif bounds.subject is not None and (foreign := own - _own_of(bounds)):
        faults.append(Fault("/subject", f"must be of another sort for {_named(foreign)}: {_SORTS}"))
    return faults


_SORTS = "a subject id, or `inspector:` and an id, or (for draws:file alone) `department:` and its name"


def _own_of(bounds: Bounds) -> frozenset[str]:
    """The scopes that go with such a subject."""
    if bounds.inspector is not None:
        return _INSPECTORS
    return SUBJECT_SCOPES if bounds.department is None else frozenset({DRAW_FILING_SCOPE})


def _prefix_faults(index: int, prefix: str) -> list[Fault]:
    try:
        prefix_of(prefix)
    except ValueError as error:
        return [Fault(pointer("regions", index), str(error))]
    return []


def _named(scopes: Collection[str]) -> str:
    return ", ".join(sorted(scopes))
