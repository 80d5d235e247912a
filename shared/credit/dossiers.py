"""What is known of each case, inspection and commendation of a subject (SCORING.md section 1, 3.1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from shared.credit.facts import UNKNOWN_CODE, Fact, Identity, order_of, standing
from shared.credit.periods import parse_day
from shared.credit.rulebook import Versions

PREFIX = "cn.chengxin."
_T = TypeVar("_T")


class Stating(Protocol):
    """A fact, or what is about to become one."""

    @property
    def source(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def time(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(slots=True)
class Dossier:
    """A case or inspection: its content, its disputes, and every fact about it."""

    content: Fact | None = None
    rank: tuple[Any, ...] = ()
    exists: bool = False
    revoked: bool = False
    rectified_on: date | None = None
    disputes: Sequence[date] = ()
    closures: Sequence[tuple[date, str]] = ()
    events: list[Identity] = field(default_factory=list)
    completions: list[Identity] = field(default_factory=list)

    def offer(self, fact: Fact, rank: tuple[Any, ...]) -> None:
        """Take the fact as the content if it outranks the present one."""
        if self.content is None or rank > self.rank:
            self.content, self.rank = fact, rank

    def disputed(self, as_of: date, authors: Iterable[str]) -> bool:
        """Whether the latest dispute is open on a day: only a reviewer who is no author closes it (3.12)."""
        opened = max((day for day in self.disputes if day <= as_of), default=None)
        return opened is not None and not any(
            opened <= day <= as_of and reviewer not in authors for day, reviewer in self.closures
        )


@dataclass(slots=True)
class Dossiers:
    """All that is known of one subject, before any ledger or date is chosen."""

    subject_id: str
    kind: str
    known_at: datetime | None
    cases: dict[str, Dossier]
    inspections: dict[str, Dossier]
    commendations: dict[str, Dossier]
    repairs: dict[str, list[tuple[date, Identity]]]
    fleets: list[tuple[date, tuple[str, str], int]]
    rejected: dict[Identity, str]
    evidence: Counter[date] = field(default_factory=Counter)
    """How many unrevoked cases and inspections each day has, also those that a ledger leaves out (3.10, section 4)."""


def kind_of(subject_id: str) -> str:
    """The kind is the part of the subject id before the colon."""
    return subject_id.partition(":")[0]


def gather(subject_id: str, facts: Iterable[Fact], versions: Versions, known_at: datetime | None = None) -> Dossiers:
    """Sort the standing facts of a subject into dossiers; a fact with a code unknown on its day is left outside."""
    stands, rejected = standing(facts, known_at)
    cases: dict[str, Dossier] = defaultdict(Dossier)
    inspections: dict[str, Dossier] = defaultdict(Dossier)
    commendations: dict[str, Dossier] = defaultdict(Dossier)
    result = Dossiers(
        subject_id,
        kind_of(subject_id),
        known_at,
        cases,
        inspections,
        commendations,
        defaultdict(list),
        [],
        rejected,
    )
    for fact in stands:
        thing, what = _parts(fact.type)
        if thing in ("case", "inspection", "credit") and not codes_known(fact.type, fact.data, versions):
            rejected.setdefault(fact.identity, UNKNOWN_CODE)  # one reason each: a conflict stays one for good
        elif thing == "case":
            _add(cases[fact.data["case_no"]], fact, what)
        elif thing == "inspection":
            _add(inspections[fact.data["inspection_id"]], fact, what)
        elif what == "repaired":
            result.repairs[fact.data["target"]].append((parse_day(fact.data["granted_on"]), fact.identity))
        elif what == "commended":
            _add(commendations[fact.data["commendation_no"]], fact, what)
        elif thing == "fleet":
            result.fleets.append((parse_day(fact.data["declared_on"]), fact.rank, fact.data["vehicles"]))
    result.fleets.sort()
    result.evidence.update(_evidence(result))
    return result


def _evidence(dossiers: Dossiers) -> Iterator[date]:
    for case in dossiers.cases.values():
        if case.exists and not case.revoked and case.content:
            yield parse_day(case.content.data["decided_on"])
    for inspection in dossiers.inspections.values():
        if inspection.content:
            yield parse_day(inspection.content.data["inspected_on"])


@lru_cache(maxsize=256)
def _parts(type_: str) -> tuple[str, str]:
    """The thing that a type speaks of, and what was done to it."""
    thing, _, what = type_.removeprefix(PREFIX).removesuffix(".v1").partition(".")
    return thing, what


def precedence(fact: Stating) -> tuple[Any, ...]:
    """Of several facts that state a case, inspection or commendation the greatest is its content (SCORING.md 3.1)."""
    what, rank = _parts(fact.type)[1], (fact.id, fact.source)
    if what in ("decided", "amended"):
        return fact.data.get("revision", 0) if what == "amended" else 0, rank
    return order_of(fact.time), rank


def _add(dossier: Dossier, fact: Fact, what: str) -> None:
    dossier.events.append(fact.identity)
    if what in ("decided", "amended"):
        dossier.exists |= what == "decided"
        dossier.offer(fact, precedence(fact))
    elif what in ("completed", "commended"):
        dossier.exists = True
        dossier.completions.append(fact.identity)
        dossier.offer(fact, precedence(fact))
    elif what == "revoked":
        dossier.revoked = True
    elif what == "disputed":
        dossier.disputes = _with(dossier.disputes, parse_day(fact.data["on"]))
    elif what == "dispute_closed":
        dossier.closures = _with(dossier.closures, (parse_day(fact.data["on"]), fact.data["reviewer"]))
    elif what == "rectified":
        verified = parse_day(fact.data["verified_on"])
        dossier.rectified_on = min(dossier.rectified_on or verified, verified)


def _with(before: Sequence[_T], item: _T) -> Sequence[_T]:
    """Few cases are disputed: only these have lists of it."""
    if isinstance(before, list):
        before.append(item)
        return before
    return [*before, item]


def codes_known(type_: str, data: Mapping[str, Any], versions: Versions) -> bool:
    """Whether the version in force on the fact's own date lists its codes; before the first nothing is judged (3.3)."""
    _, what = _parts(type_)
    if what in ("decided", "amended"):
        day, pairs = data["occurred_on"], [(data["violation_code"], data["severity"])]
    elif what == "completed":
        day = data["inspected_on"]
        pairs = [(finding["violation_code"], finding["severity"]) for finding in data["findings"]]
    elif what == "commended":
        version = versions.in_force(parse_day(data["granted_on"]))
        return version is None or data["commendation_code"] in version.rules.commendations
    else:
        return True
    if not pairs or (version := versions.in_force(parse_day(day))) is None:
        return True
    violations = version.rules.violations
    return all(code in violations and severity in violations[code].points for code, severity in pairs)
