"""Which cases may be drawn for a file review 案卷评查, and who handled them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from services.draws.pools.entries import DRAWN_PENDING, Eligible, Entry, LeftOut
from services.draws.pools.pool import CasePool
from services.draws.pools.terms import Terms
from shared.credit.dossiers import Dossiers, gather
from shared.credit.facts import UNKNOWN_CODE, Fact, standing
from shared.draw.normalising import normalised

CASE = "case:"
"""What a case's id begins with."""
REVOKED = "revoked"
NUMBER_CONFLICT = "number-conflict"

_DECIDED = "cn.chengxin.case.decided.v1"
_AMENDED = "cn.chengxin.case.amended.v1"


class Case(NamedTuple):
    """A case of the snapshot; `code` says why it is left out."""

    entry: Entry
    officers: frozenset[str]
    subject: str
    """Against whom."""


def case_id(case_no: str) -> str:
    """The id by which a case stands in a pool."""
    return f"{CASE}{normalised(case_no)}"


def cases_of(subject_id: str, facts: Iterable[Fact], terms: Terms[CasePool]) -> Iterator[Case]:
    """The cases of a subject that are of the snapshot: decided in the pool's days and regions, as known then.

    A case's content is that of its highest revision; who is named by any revision has handled it.
    """
    known = [fact for fact in facts if fact.recorded_at <= terms.known_at]
    dossiers = gather(subject_id, known, terms.versions)
    decisions = [fact for fact in standing(known)[0] if fact.type in (_DECIDED, _AMENDED)]
    officers: dict[str, set[str]] = defaultdict(set)
    for fact in decisions:
        officers[fact.data["case_no"]].update(fact.data["officers"])
    for content, code in _contents(dossiers, decisions):
        if _in_snapshot(content, terms.pool):
            yield Case(_entry(content, code, terms), frozenset(officers[content["case_no"]]), subject_id)


def _contents(dossiers: Dossiers, decisions: Iterable[Fact]) -> Iterator[tuple[Mapping[str, Any], str | None]]:
    """The content of each case, and what takes it out."""
    inside = {number: case for number, case in dossiers.cases.items() if case.exists}
    for case in inside.values():
        if case.content:
            yield case.content.data, REVOKED if case.revoked else None
    outside = [fact for fact in decisions if dossiers.rejected.get(fact.identity) == UNKNOWN_CODE]
    for number, data in {fact.data["case_no"]: fact.data for fact in outside if fact.type == _DECIDED}.items():
        if number not in inside:
            yield data, UNKNOWN_CODE


def _entry(content: Mapping[str, Any], code: str | None, terms: Terms[CasePool]) -> Entry:
    id_ = case_id(content["case_no"])
    if code is None and id_ in terms.pending:
        code = DRAWN_PENDING
    return LeftOut(id_, code) if code else Eligible(id_, content["severity"], content["region"])


def one_of_each(cases: Iterable[Case]) -> dict[str, Case]:
    """Cases by id, each number once.

    A wrong party is cured by revoking the case and deciding it anew, so of one number at two subjects that which is not
    revoked is the case. Where two of them stand, nobody can say which file is meant, and neither is drawn.
    """
    found: dict[str, Case] = {}
    for case in cases:
        id_ = case.entry.id
        before = found.get(id_)
        if before is None or before.entry == LeftOut(id_, REVOKED):
            found[id_] = case
        elif case.entry != LeftOut(id_, REVOKED):
            found[id_] = Case(LeftOut(id_, NUMBER_CONFLICT), frozenset(), case.subject)
    return found


def _in_snapshot(data: Mapping[str, Any], pool: CasePool) -> bool:
    first, last = pool.decided_from.isoformat(), pool.decided_until.isoformat()
    return first <= str(data["decided_on"]) <= last and str(data["region"]).startswith(pool.regions)
