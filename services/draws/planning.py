"""Whether a plan may be: its form, its seed sources, and the draw that it replaces. Pure."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Any

from services.draws.commands import MakePlan
from services.draws.earlier import refuse_too_early
from services.draws.problems import (
    DRAW_EXISTS,
    REPLACED_ALREADY,
    REPLACES_UNCOMMITTED,
    STRATUM_UNKNOWN,
    bad_form,
)
from services.draws.schedule import window_of, with_publication_day
from services.draws.sources import refuse_sources, refuse_weak_sources
from services.draws.steps import Draws, Step
from shared.clock import SHANGHAI
from shared.credit.canonical import canonical
from shared.credit.masking import personal_numbers
from shared.draw.checks import PROTOCOL, Refused
from shared.draw.instants import instant
from shared.draw.plan import Plan, parse_plan
from shared.draw.plan_form import faults
from shared.events.parts import MOST_CHARACTERS_OF_A_PLAN
from shared.events.texts import Code
from shared.events.types.draw_planned import DRAW_PLANNED
from shared.registry.working_days import CalendarOf
from shared.web.problems import Fault, ProblemError

WITNESSED = "witnessed, not verifiable"
"""What a plan without a public source says of itself: only who was there can know that nobody chose the values."""

_OURS = ("protocol", "draw_id", "journal", "public_source", "assurance")
_MOST_ID = 64
JOURNAL = "journal.ndjson"
"""The journal's address stands among those of draws, so no draw has this id."""
_MOST_FAULTS = 100


def plan(draws: Draws, command: MakePlan, at: str, *, witnessed_only: bool, calendars: CalendarOf) -> Step:
    """The first step of a draw. `witnessed_only`: this installation allows plans without a public source; `calendars`:
    by which it counts working days.

    Raises `ProblemError`.
    """
    if there := draws.by_id.get(command.draw_id):
        detail = f"{command.draw_id} is planned already; what is drawn again has an id of its own."
        raise ProblemError(DRAW_EXISTS, detail, sequence=there.sequence)
    content = _content(draws, command, calendars)
    planned = _parsed(content)
    refuse_unknown_strata(planned, command.strata)
    _refuse_window(planned)
    refuse_sources(planned, command.public_source, at, witnessed_only=witnessed_only)
    refuse_weak_sources(planned)
    _refuse_replacing(draws, planned)
    refuse_too_early(draws, planned)
    sha256 = hashlib.sha256(content).hexdigest()
    data = {"draw_id": command.draw_id, "sequence": 1, "by": command.by, "plan": content.decode(), "sha256": sha256}
    asked = {"request_sha256": command.request_sha256} if command.request_sha256 else {}
    codes = {"codes_sha256": command.codes_sha256} if command.codes_sha256 is not None else {}
    return Step(DRAW_PLANNED, {**data, **asked, **codes})


def refuse_unknown_strata(planned: Plan, known: Collection[str] | None) -> None:
    """A stratum that no pool has would draw nobody, and nobody would see it: most likely it is misspelt."""
    if known is not None and (unknown := [each.name for each in planned.strata if each.name not in known]):
        detail = f"The plan names strata that there are not: {', '.join(unknown[:10])}."
        raise ProblemError(STRATUM_UNKNOWN, detail, known=sorted(known)[:100])


def _content(draws: Draws, command: MakePlan, calendars: CalendarOf) -> bytes:
    """The plan's bytes, with what is ours to say, in NFC."""
    if given := [name for name in _OURS if name in command.plan]:
        raise bad_form([Fault(f"/{name}", "is put in here; leave it out") for name in given])
    if len(command.draw_id) > _MOST_ID or not re.fullmatch(Code.pattern, command.draw_id):
        raise bad_form([Fault("/draw_id", f"must be {Code.says}, {_MOST_ID} characters at most")])
    if command.draw_id == JOURNAL:
        raise bad_form([Fault("/draw_id", "must be another: the journal has this address")])
    ours = {"protocol": PROTOCOL, "draw_id": command.draw_id, "journal": draws.first}
    said = {"public_source": command.public_source} | ({} if command.public_source else {"assurance": WITNESSED})
    try:
        text = canonical({**with_publication_day(command.plan, calendars), **ours, **said}).decode()
    except (ValueError, RecursionError):
        raise bad_form([Fault("", "must be JSON that can be written canonically")]) from None
    content = unicodedata.normalize("NFC", text).encode()
    if len(content) > MOST_CHARACTERS_OF_A_PLAN:
        raise bad_form([Fault("", f"must have at most {MOST_CHARACTERS_OF_A_PLAN} bytes, not {len(content)}")])
    return content


def _parsed(content: bytes) -> Plan:
    try:
        return parse_plan(content)
    except Refused as refused:
        found = _faults(content) or [Fault("", refused.detail)]
        raise bad_form(found) from None


def _faults(content: bytes) -> list[Fault]:
    return [Fault(*fault) for fault in faults(json.loads(content))][:_MOST_FAULTS]


def _refuse_window(planned: Plan) -> None:
    """What a draw may be published by hangs on its window, where it has one."""
    try:
        window = window_of(planned.document)
    except ValueError as wrong:
        raise bad_form([Fault("/window", str(wrong))]) from None
    last = planned.document["seed_sources"][-1]["not_before"]
    if window is not None and datetime.combine(window.over, time.min, SHANGHAI) <= instant(last)[0]:
        raise bad_form([Fault("/window/until", f"must not be before {last}, when the seed is known at the earliest")])


def _refuse_replacing(draws: Draws, planned: Plan) -> None:
    named: Mapping[str, Any] | None = planned.document["replaces"]
    if named is None:
        return
    if found := personal_numbers(named["cause"]):
        raise bad_form([Fault("/replaces/cause", f"must not have {' or '.join(found)}: everybody reads it")])
    old = draws.by_id.get(named["draw_id"])
    if old is None or old.committed is None:
        why = f"There is no draw {named['draw_id']}" if old is None else f"{old.draw_id} was never committed to"
        detail = f"{why}: only what has a public commitment can be replaced. Leave `replaces` out."
        raise ProblemError(REPLACES_UNCOMMITTED, detail, errors=[Fault("/replaces/draw_id", "has no commitment")])
    if other := draws.replacing(old.draw_id):
        detail = f"{old.draw_id} is replaced by {other.draw_id} already; replace that one."
        raise ProblemError(REPLACED_ALREADY, detail, draw_id=other.draw_id)
