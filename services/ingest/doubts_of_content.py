"""What is strange about an event by its own content and the rulebooks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.ingest.doubt import Doubt, doubt
from services.ingest.statements import STATING
from shared.credit.dossiers import Stating, codes_known, precedence
from shared.credit.masking import personal_numbers
from shared.credit.periods import add_months, parse_day
from shared.credit.rulebook import Versions
from shared.events.types.case_decided import CASE_DECIDED
from shared.events.types.credit_repaired import CREDIT_REPAIRED

_TOLD = ("facts", "content", "action", "statement")
"""Members in which somebody tells something in his own words."""
_DAYS = ("occurred_on", "inspected_on", "granted_on")


def of_codes(event: Stating, versions: Versions | None) -> Iterator[Doubt]:
    """Codes that no rulebook in force lists."""
    if event.type not in STATING:
        return
    member = {"findings": "/data/findings", "commendation_code": "/data/commendation_code"}
    at = next((pointer for name, pointer in member.items() if name in event.data), "/data/violation_code")
    if versions is None:
        yield doubt("not-compared", at, "the rulebooks have not been read yet")
    elif not codes_known(event.type, event.data, versions):
        yield doubt(
            "code-not-in-force", at, f"{_right(event.data, versions)}; it counts for nothing until a rulebook lists it"
        )


def _right(data: Mapping[str, Any], versions: Versions) -> str:
    day = next(str(data[name]) for name in _DAYS if name in data)
    version = versions.in_force(parse_day(day))
    assert version is not None
    for each in data.get("findings", [data]):
        violation = version.rules.violations.get(each.get("violation_code", ""))
        if violation and each["severity"] not in violation.points:
            return f"the code has the severities {', '.join(violation.points)}"
    return f"the codes are those of /v1/rulebooks/{version.book.id}/{version.number}"


def of_persons(event: Stating) -> Iterator[Doubt]:
    """Numbers of persons in what is told."""
    for pointer, text in _texts(event.data, "/data"):
        if found := personal_numbers(text):
            yield doubt("personal-numbers", pointer, f"leave {' and '.join(found)} out; they would go where it goes")


def _texts(data: Any, at: str) -> Iterator[tuple[str, str]]:
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(data, Mapping):
        items = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    for name, value in items:
        if isinstance(value, str) and name in _TOLD:
            yield f"{at}/{name}", value
        yield from _texts(value, f"{at}/{name}")


def of_repair(event: Stating, spoken_of: Iterable[Stating], versions: Versions | None) -> Iterator[Doubt]:
    """A repair of a case before the rulebook allows one (SCORING.md section 3.6)."""
    cases = [each for each in spoken_of if STATING.get(each.type) == STATING[CASE_DECIDED]]
    if event.type != CREDIT_REPAIRED or not cases or versions is None:
        return
    content = max(cases, key=precedence).data
    version = versions.in_force(parse_day(content["occurred_on"]))
    violation = version.rules.violations.get(content["violation_code"]) if version else None
    repair = violation.repair.get(content["severity"]) if violation else None
    if repair is None:
        return
    earliest = add_months(parse_day(content["decided_on"]), repair.after_months)
    if not repair.allowed:
        yield doubt("repair-not-allowed", "/data/target", "what is so severe is not repaired")
    elif parse_day(event.data["granted_on"]) < earliest:
        yield doubt("repair-not-allowed", "/data/granted_on", f"one may be granted from {earliest} on")
