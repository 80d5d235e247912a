"""What is strange about an event that is taken all the same: its sender may have meant another. Pure.

A door cannot refuse any of it: a code may be published tomorrow, a case may come after its revocation, a shop may be
registered later. A sender who is told at once need not find it out from a score.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from services.ingest.doubt import Doubt, doubt
from services.ingest.doubts_of_content import of_codes, of_persons, of_repair
from services.ingest.doubts_of_days import of_days, of_result
from services.ingest.statements import STATING, Statements, member_naming
from shared.credit.canonical import canonical
from shared.credit.dossiers import Stating, precedence
from shared.credit.facts import order_of
from shared.credit.rulebook import Versions
from shared.events.types.case_amended import CASE_AMENDED
from shared.events.types.case_decided import CASE_DECIDED
from shared.events.types.fact_withdrawn import FACT_WITHDRAWN
from shared.events.types.subject_upserted import SUBJECT_UPSERTED


class Glance(NamedTuple):
    """What is known of a subject: whether it is registered, and the facts that an event could be about.

    `statements` is None where that was not looked at, for a reason.
    """

    registered: bool
    statements: Statements | None
    reason: str = ""


def doubts(event: Stating, glance: Glance, versions: Versions | None) -> list[Doubt]:
    """All doubts about an event of a credit subject; what came with it is part of what is known."""
    found = [*of_codes(event, versions), *of_persons(event), *of_result(event)]
    if not glance.registered:
        found.append(doubt("subject-not-registered", "/subject", "register it by cn.chengxin.subject.upserted.v1"))
    if glance.statements is None:
        return [*found, *of_days(event, ()), doubt("not-compared", "", glance.reason)]
    spoken_of = glance.statements.spoken_of(event)
    found += [*of_days(event, spoken_of), *of_repair(event, spoken_of, versions)]
    return [*found, *_of_others(event, glance.statements, spoken_of)]


def _of_others(event: Stating, known: Statements, spoken_of: list[Stating]) -> Iterable[Doubt]:
    if any(_content(each) != _content(event) for each in known.copies(event)):
        yield doubt("id-conflict", "/id", "a correction is an event of its own, with an id of its own")
    if (naming := member_naming(event)) and not spoken_of:
        also = " (or it was taken out)" if event.type == FACT_WITHDRAWN else ""
        yield doubt("not-seen", naming, f"it works as soon as that is applied{also}")
    elif event.type == SUBJECT_UPSERTED:
        yield from _of_entries(event, known.entries)
    elif event.type in STATING:
        same = [each for each in spoken_of if STATING.get(each.type) == STATING[event.type]]
        yield from _of_number(event, [each for each in same if canonical(each.data) != canonical(event.data)])


def _of_number(event: Stating, others: list[Stating]) -> Iterable[Doubt]:
    """Others that state the same number with other content."""
    if event.type == CASE_AMENDED:
        amended = [each for each in others if each.type == CASE_AMENDED and precedence(each)[0] >= precedence(event)[0]]
        if amended:
            last = max(precedence(each)[0] for each in amended)
            told = f"{_which(event, amended)}; an amendment for sure with revision {last + 1}"
            yield doubt("revision-stands", "/data/revision", told)
    elif any(each.source != event.source for each in others):
        yield doubt("number-conflict", f"/data/{STATING[event.type]}", "numbers are unique across organs")
    elif event.type == CASE_DECIDED and any(each.type == CASE_DECIDED for each in others):
        told = f"{_which(event, others)}; a case that is changed is cn.chengxin.case.amended.v1"
        yield doubt("number-again", "/data/case_no", told)


def _of_entries(event: Stating, entries: Iterable[Stating]) -> Iterable[Doubt]:
    """Entries of the register of which the latest stands (SCORING.md section 1)."""
    own = order_of(event.time), (event.id, event.source)
    if any((order_of(each.time), (each.id, each.source)) > own and each.data != event.data for each in entries):
        yield doubt("entry-stands", "/time", "send it with a later time, for it to stand")


def _which(event: Stating, others: Iterable[Stating]) -> str:
    return f"of the two {'this one' if precedence(event) > max(map(precedence, others)) else 'the other one'} counts"


def _content(event: Stating) -> object:
    return event.type, order_of(event.time), canonical(event.data)
