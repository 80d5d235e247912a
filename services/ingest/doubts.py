"""What is strange about an event that is taken all the same: its sender may have meant another. Pure.

A door cannot refuse any of it: a code may be published tomorrow, a case may come after its revocation, a shop may be
registered later. A sender who is told at once need not find it out from a score.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from services.ingest.jurisdiction import STATING, Stated, member_naming, speaks_of
from shared.credit.canonical import canonical
from shared.credit.dossiers import codes_known
from shared.credit.facts import order_of
from shared.credit.rulebook import Versions
from shared.events.types.fact_withdrawn import FACT_WITHDRAWN
from shared.events.types.subject_upserted import SUBJECT_UPSERTED

CODES = {
    "code-not-in-force": "No rulebook in force on the day of the act lists this code with this severity",
    "subject-not-registered": "No register entry of the subject is known",
    "not-seen": "Nothing that it names is known",
    "id-conflict": "Another content was sent under the same source and id; that one stands",
    "number-conflict": "Another source has stated the same number",
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

    `facts` is None where they were not looked at, for a reason.
    """

    registered: bool
    facts: Collection[Stated] | None
    reason: str = ""


def doubts(event: Stated, glance: Glance | None, batch: Collection[Stated], versions: Versions | None) -> list[Doubt]:
    """All doubts about an event; `batch` has what came with it of the same subject, the event too.

    Without a glance its subject is no credit subject, and nothing is compared; without versions no code is judged.
    """
    found = list(_of_codes(event, versions))
    if glance is None:
        return found
    if not glance.registered and not any(each.type == SUBJECT_UPSERTED for each in batch):
        found.append(_doubt("subject-not-registered", "/subject", "register it by cn.chengxin.subject.upserted.v1"))
    if glance.facts is None:
        return [*found, _doubt("not-compared", "", glance.reason)]
    others = [each for each in (*glance.facts, *batch) if each is not event]
    return [*found, *_of_others(event, others)]


def _of_codes(event: Stated, versions: Versions | None) -> Iterable[Doubt]:
    if versions is None or event.type not in STATING or codes_known(event.type, event.data, versions):
        return
    member = {"findings": "/data/findings", "commendation_code": "/data/commendation_code"}
    at = next((pointer for name, pointer in member.items() if name in event.data), "/data/violation_code")
    yield _doubt("code-not-in-force", at, "it counts for nothing until a rulebook does")


def _of_others(event: Stated, others: Collection[Stated]) -> Iterable[Doubt]:
    same = [each for each in others if (each.source, each.id) == (event.source, event.id)]
    if any(_content(each) != _content(event) for each in same):
        yield _doubt("id-conflict", "/id", "a correction is an event of its own, with an id of its own")
    spoken_of = [each for each in others if speaks_of(event, each)]
    if (naming := member_naming(event)) and not spoken_of:
        also = " (or it was taken out)" if event.type == FACT_WITHDRAWN else ""
        yield _doubt("not-seen", naming, f"it works as soon as that is applied{also}")
    if naming is None and any(
        each.source != event.source and _said(each.data) != _said(event.data) for each in spoken_of
    ):
        yield _doubt("number-conflict", f"/data/{STATING[event.type]}", "numbers are unique across organs")


def _content(event: Stated) -> object:
    return event.type, order_of(event.time), _said(event.data)


def _said(data: Mapping[str, Any]) -> bytes:
    return canonical(data)


def _doubt(code: str, pointer: str, message: str) -> Doubt:
    return Doubt(code, pointer, f"{CODES[code]}: {message}" if message else CODES[code])
