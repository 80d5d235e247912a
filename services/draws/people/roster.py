"""The roster 检查人员名录 and the recusals 回避 of a draw, by codes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from services.draws.people.certified import department, fault
from services.draws.people.filed import Entry
from services.draws.steps import Draw
from shared.draw.normalising import document
from shared.draw.plan import ANY, Plan
from shared.registry.regions import prefix_of


class Roster(NamedTuple):
    """The documents `roster.tsv` and `recusals.tsv`, and who of the plan's departments and regions is not in them."""

    roster: bytes
    recusals: bytes
    left_out: tuple[tuple[str, str], ...]
    """Inspector's id, and why."""


def roster(
    draw: Draw,
    entries: Mapping[str, Entry],
    codes: Mapping[str, str],
    handlers: Mapping[str, Collection[str]],
    filed: Iterable[tuple[str, str]],
    subjects: Collection[str],
    cases: Mapping[str, str] | None = None,
) -> Roster:
    """Whom panels are named from, and whom they may not inspect.

    `entries` and `codes` are by inspector, as they were known at the plan's instant; `handlers` are those who handled a
    case, `filed` are recusals, and `cases` say against whom a case is, by the pool's ids. Recusals are told of the
    pool's subjects alone: what else somebody is kept away from says something of his life, and nothing of the draw.
    """
    last = date.fromisoformat(draw.plan.document["window"]["until"])
    confirmed = _confirmed(draw)
    serving, left_out = dict[str, str](), list[tuple[str, str]]()
    for inspector_id, entry in sorted(_asked(draw.plan, entries)):
        why = fault(entry, last) or _unconfirmed(entry, inspector_id, confirmed)
        if why or inspector_id not in codes:
            left_out.append((inspector_id, why or "no-code"))
        else:
            serving[inspector_id] = codes[inspector_id]
    lines = [f"{code}\t{department(entries[each])}\t{entries[each].data['region']}" for each, code in serving.items()]
    kept_away = {
        f"{serving[inspector_id]}\t{subject_id}"
        for inspector_id, subject_id in _recused(entries, handlers, filed, cases or {})
        if inspector_id in serving and subject_id in subjects
    }
    return Roster(document(lines), document(kept_away), tuple(left_out))


def _asked(plan: Plan, entries: Mapping[str, Entry]) -> Iterator[tuple[str, Entry]]:
    """Those of the departments and regions that the plan names."""
    departments = {entry.department for entry in plan.panel}
    regions = tuple(map(prefix_of, plan.document["roster"]["regions"]))
    for inspector_id, entry in entries.items():
        own = department(entry)
        # `*` stands for all departments in a plan; it is the name of none (DRAW.md section 1).
        if own != ANY and (ANY in departments or own in departments) and entry.data["region"].startswith(regions):
            yield inspector_id, entry


def _confirmed(draw: Draw) -> Mapping[str, Collection[str]]:
    """Whom each partner department gives that has confirmed; no freeze comes before all have."""
    return {each: frozenset(said.inspectors) for each, said in draw.confirmations.items()}


def _unconfirmed(entry: Entry, inspector_id: str, confirmed: Mapping[str, Collection[str]]) -> str | None:
    own = department(entry)
    return "not-confirmed" if own in confirmed and inspector_id not in confirmed[own] else None


def _recused(
    entries: Mapping[str, Entry],
    handlers: Mapping[str, Collection[str]],
    filed: Iterable[tuple[str, str]],
    cases: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    yield from filed
    for subject_id, officers in handlers.items():
        for officer in officers:
            yield officer, subject_id
    for inspector_id, entry in entries.items():
        kept_from = entry.data.get("recused_from", ())
        for subject_id in kept_from:
            yield inspector_id, subject_id
        yield from ((inspector_id, case) for case, subject_id in cases.items() if subject_id in kept_from)
