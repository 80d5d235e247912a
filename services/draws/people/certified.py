"""Who may be on a panel: certified law enforcement officers 执法人员 alone, never assistants 协管人员. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from services.draws.people.filed import Entry
from services.draws.people.problems import INSPECTOR_NOT_CERTIFIED
from shared.draw.normalising import normalised
from shared.web.problems import Fault, ProblemError, pointer

_SAID = {
    "assistant": "is an assistant 协管人员, who does not inspect",
    "suspended": "is suspended 暂停",
    "left": "has left 离岗",
    "certificate-expired": "has no certificate that is valid until the last day of the inspections",
}
_UNKNOWN = "is not in the register"
_SHOWN = 10


def fault(entry: Entry, last: date) -> str | None:
    """Why somebody is no certified officer until the last day of the inspections; None where he is."""
    said = entry.data
    if said["role"] != "officer":
        return "assistant"
    if said["status"] != "active":
        return str(said["status"])
    return "certificate-expired" if date.fromisoformat(said["valid_until"]) < last else None


def department(entry: Entry) -> str:
    """The department as frozen documents may have it (DRAW.md section 1)."""
    return normalised(str(entry.data["department"]))


def refuse_assistant(inspector_id: str, entries: Mapping[str, Entry]) -> None:
    """Raises `ProblemError` where somebody is not in the register, or is no law enforcement officer."""
    entry = entries.get(inspector_id)
    what = _UNKNOWN if entry is None else _SAID["assistant"] if entry.data["role"] != "officer" else None
    if what is not None:
        raise ProblemError(INSPECTOR_NOT_CERTIFIED, f"{inspector_id} {what}.", errors=[Fault("/inspector_id", what)])


def refuse_uncertified(named: Iterable[str], entries: Mapping[str, Entry], last: date, of: str | None = None) -> None:
    """Raises `ProblemError` unless all who are named are certified officers, of a department where one is given."""
    wrong = list(_wrong(list(named), entries, last, of))
    if wrong:
        errors = [Fault(pointer("inspectors", place), what) for place, _, what in wrong]
        told = "; ".join(f"{inspector_id} {what}" for _, inspector_id, what in wrong[:_SHOWN])
        raise ProblemError(INSPECTOR_NOT_CERTIFIED, f"{told}.", errors=errors)


def _wrong(
    named: list[str], entries: Mapping[str, Entry], last: date, of: str | None
) -> Iterator[tuple[int, str, str]]:
    for place, inspector_id in enumerate(named):
        entry = entries.get(inspector_id)
        if entry is None:
            yield place, inspector_id, _UNKNOWN
        elif why := fault(entry, last):
            yield place, inspector_id, _SAID[why]
        elif of is not None and department(entry) != of:
            yield place, inspector_id, f"is not of {of}"
