"""What is strange about an event that is taken all the same: its sender may have meant another. Pure.

A door cannot refuse any of it: a code may be published tomorrow, a case may come after its revocation, a shop may be
registered later. A sender who is told at once need not find it out from a score.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from services.ingest.statements import STATING, Statements, member_naming
from shared.credit.canonical import canonical
from shared.credit.dossiers import Stating, codes_known, precedence
from shared.credit.facts import order_of
from shared.credit.rulebook import Versions
from shared.events.types.case_decided import CASE_DECIDED
from shared.events.types.fact_withdrawn import FACT_WITHDRAWN

CODES = {
    "code-not-in-force": "No rulebook in force on the day of the act lists this code with this severity",
    "subject-not-registered": "No register entry of the subject is known",
    "not-seen": "Nothing that it names is known",
    "id-conflict": "Another content was sent under the same source and id; that one stands",
    "number-conflict": "Another source has stated the same number",
    "number-again": "The same source has stated this case before, with other content",
    "not-compared": "It was not compared with what is known",
}
"""The kinds of doubts, and what they mean."""


class Doubt(NamedTuple):
    """One thing, and which member it is about; nothing in it is of the event's content."""

    code: str
    pointer: str
    message: str


class Glance(NamedTuple):
    """What is known of a subject: whether it is registered, and the facts that an event could be about.

    `statements` is None where that was not looked at, for a reason.
    """

    registered: bool
    statements: Statements | None
    reason: str = ""


def doubts(event: Stating, glance: Glance, versions: Versions | None) -> list[Doubt]:
    """All doubts about an event of a credit subject; what came with it is part of what is known."""
    found = list(_of_codes(event, versions))
    if not glance.registered:
        found.append(_doubt("subject-not-registered", "/subject", "register it by cn.chengxin.subject.upserted.v1"))
    if glance.statements is None:
        return [*found, _doubt("not-compared", "", glance.reason)]
    return [*found, *_of_others(event, glance.statements)]


def _of_codes(event: Stating, versions: Versions | None) -> Iterable[Doubt]:
    if event.type not in STATING:
        return
    member = {"findings": "/data/findings", "commendation_code": "/data/commendation_code"}
    at = next((pointer for name, pointer in member.items() if name in event.data), "/data/violation_code")
    if versions is None:
        yield _doubt("not-compared", at, "the rulebooks have not been read yet")
    elif not codes_known(event.type, event.data, versions):
        yield _doubt("code-not-in-force", at, "it counts for nothing until a rulebook does")


def _of_others(event: Stating, known: Statements) -> Iterable[Doubt]:
    if any(_content(each) != _content(event) for each in known.copies(event)):
        yield _doubt("id-conflict", "/id", "a correction is an event of its own, with an id of its own")
    spoken_of = known.spoken_of(event)
    if naming := member_naming(event):
        if not spoken_of:
            also = " (or it was taken out)" if event.type == FACT_WITHDRAWN else ""
            yield _doubt("not-seen", naming, f"it works as soon as that is applied{also}")
        return
    spoken_of = [each for each in spoken_of if STATING.get(each.type) == STATING[event.type]]
    if any(each.source != event.source and canonical(each.data) != canonical(event.data) for each in spoken_of):
        yield _doubt("number-conflict", f"/data/{STATING[event.type]}", "numbers are unique across organs")
    elif event.type == CASE_DECIDED and (
        others := [
            each for each in spoken_of if each.type == CASE_DECIDED and canonical(each.data) != canonical(event.data)
        ]
    ):
        which = "this one" if precedence(event) > max(map(precedence, others)) else "the other one"
        told = f"of the two {which} counts; a case that is changed is cn.chengxin.case.amended.v1"
        yield _doubt("number-again", "/data/case_no", told)


def _content(event: Stating) -> object:
    return event.type, order_of(event.time), canonical(event.data)


def _doubt(code: str, pointer: str, message: str) -> Doubt:
    return Doubt(code, pointer, f"{CODES[code]}: {message}")
