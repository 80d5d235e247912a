"""A row of a table as an event, or all that is wrong with it, by column. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.ingest.uploads.cells import LOST
from services.ingest.uploads.columns import Sort
from shared.clock import SHANGHAI, day_of
from shared.credit.canonical import canonical
from shared.events.attributes import event_of
from shared.events.door import Refused, admit
from shared.events.envelope import BadEnvelope, Event, Fault

_MEMBER = re.compile("[a-z]+_[a-z_]+")
_LOST = "is a number too long for a spreadsheet, which has lost digits of it: format the cells as text"


_BESIDE = ("kind", "code", "premises", "id", "entered_on", "fine", "others", "organ_name", "organ_code")


class Row(NamedTuple):
    """`number` is that of the spreadsheet's row, the headings being the first; cells are texts, by their headings."""

    number: int
    cells: Mapping[str, str]


class RowFault(NamedTuple):
    """What is wrong; `column` is a heading, empty where it is the whole row."""

    row: int
    column: str
    message: str


def event_in(sort: Sort, row: Row, source: str, now: datetime) -> Event | list[RowFault]:
    """The event that a row is, as it goes on the log. `now` is when the file came."""
    said, faults = _said(sort, row)
    if faults:
        return faults
    try:
        attributes, data = _attributes_and_data(sort, said, source, now)
        return admit(event_of(attributes, data), now)
    except BadEnvelope as bad:
        found = bad.faults
    except Refused as refused:
        found = refused.faults
    return [fault_at(sort, row.number, fault) for fault in found]


def fault_at(sort: Sort, number: int, fault: Fault) -> RowFault:
    """A fault of an event as that of a row: by headings, not by the members that these stand for."""
    by_member = {column.member: column.heading for column in sort.columns}
    message = _MEMBER.sub(lambda found: by_member.get(found[0], found[0]), fault.message)
    return RowFault(number, heading_at(sort, fault), message)


def identity_column(sort: Sort, row: Row) -> str:
    """The column that makes a row the event that it is; empty where all of them do."""
    own = sort.heading_of("id")
    if own in row.cells:
        return own
    return sort.heading_of(sort.number) if sort.number else ""


_MEMBERS = {"subject": "code", "id": "id", "data/penalties": "fine", "data/organ/code": "organ_code"}
"""Members of cells that make up a member of another name, or a part of one."""


def heading_at(sort: Sort, fault: Fault) -> str:
    """The column that a fault of an event is about; empty where it is none's."""
    path = fault.pointer.removeprefix("/")
    if path == "time":
        return sort.heading_of(sort.day)
    member = next((own for begin, own in _MEMBERS.items() if path == begin or path.startswith(f"{begin}/")), None)
    if member is None and path.startswith("data/organ"):
        member = "organ_name"
    return sort.heading_of(member or path.removeprefix("data/").partition("/")[0])


def _said(sort: Sort, row: Row) -> tuple[dict[str, Any], list[RowFault]]:
    said, faults = dict[str, Any](), list[RowFault]()
    for column in sort.columns:
        cell = row.cells.get(column.heading, "")
        if not cell:
            if column.required:
                faults.append(RowFault(row.number, column.heading, f"is required, such as {column.example}"))
            continue
        if cell == LOST:
            faults.append(RowFault(row.number, column.heading, _LOST))
            continue
        try:
            said[column.member] = column.form(cell)
        except ValueError as error:
            faults.append(RowFault(row.number, column.heading, str(error)))
    return said, faults


def _attributes_and_data(
    sort: Sort, said: Mapping[str, Any], source: str, now: datetime
) -> tuple[dict[str, str], dict[str, Any]]:
    """The event that a row is, by the members that its cells say.

    Its id is the organ's own, else it is made of the number that the row states, or of all that it says: so the same
    row again is the same event.
    """
    premises = f"-{said['premises']}" if "premises" in said else ""
    subject = f"{said['kind']}:{said['code']}{premises}"
    data = {name: value for name, value in said.items() if name not in _BESIDE} | _MORE[sort.name](said)
    time = _time(sort, said[sort.day], now)
    content = {"subject": subject, "time": time, **data}
    number = said[sort.number] if sort.number else hashlib.sha256(canonical(content)).hexdigest()[:32]
    id_ = said.get("id") or f"{sort.name}:{number}"
    named = {"specversion": "1.0", "id": id_, "source": source, "type": sort.type, "subject": subject, "time": time}
    return named, data


def _time(sort: Sort, day: str, now: datetime) -> str:
    """When it was: the day's beginning. But an entry of the register that is of today is of now: the latest stands, and
    one that was put this morning would else outlive its correction.
    """
    if sort.number is None and day == day_of(now).isoformat():
        return now.astimezone(SHANGHAI).isoformat()
    return f"{day}T00:00:00+08:00"


def _of_case(said: Mapping[str, Any]) -> dict[str, Any]:
    organ = {name: said[f"organ_{name}"] for name in ("code", "name") if f"organ_{name}" in said}
    return _penalties(said) | ({"organ": organ} if organ else {})


def _penalties(said: Mapping[str, Any]) -> dict[str, Any]:
    fine = [{"kind": "罚款", "amount_cents": said["fine"]}] if "fine" in said else []
    found = [*fine, *({"kind": each} for each in said.get("others", ()))]
    return {"penalties": found} if found else {}


_MORE: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "cases": _of_case,
    "inspections": lambda said: {} if "findings" in said else {"findings": []},
    "subjects": lambda _: {},
}
"""What a row says by leaving a cell empty, or by two cells together."""
