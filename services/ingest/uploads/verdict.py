"""Whether every row of a file is right, and the file again with what is wrong beside each row."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from services.ingest.doubt import Doubt
from services.ingest.jurisdiction import Sender
from services.ingest.translating import Tables, translated
from services.ingest.uploads.chinese import chinese
from services.ingest.uploads.columns import Sort
from services.ingest.uploads.reading import Unreadable, rows
from services.ingest.uploads.rows import Row, RowFault, event_in, fault_at, identity_column
from shared.events.envelope import Event, Fault
from shared.spreadsheets import MARK, harmless, line

_AT_ONCE = 1_000
EXAMPLE = "is the example of the template: write over it, or delete it"
MOST_TOLD = 10_000
"""Faults, and warnings, that are told of one file: whoever has more mends these first."""
NUMBER, FAULTS, WARNINGS = "行 row", "错误 faults", "提示 warnings"
_OURS = (NUMBER, FAULTS, WARNINGS, "")


class File(NamedTuple):
    """A file with all that its rows are events by."""

    content: bytes
    media_type: str
    sort: Sort
    source: str
    sender: Sender
    received_at: datetime

    def rows(self) -> Iterator[Row]:
        """Its rows. Raises `Unreadable`."""
        return rows(self.content, self.media_type, self.sort)

    def event(self, row: Row) -> Event | list[RowFault]:
        """The event that a row is, or what is wrong with it."""
        return event_in(self.sort, row, self.source, self.received_at)


class Judging(NamedTuple):
    """What rows are judged by beside themselves, all of a batch together."""

    beyond: Callable[[Sequence[Event], Sender], Mapping[int, Sequence[Fault]]]
    """What is not the sender's to send; raises `StoreUnavailable` and `Rebuilding` where nobody can say."""
    doubts: Callable[[Sequence[Event]], Sequence[Sequence[Doubt]]]
    tables: Callable[[], Tables]
    lives: Callable[[str], bool]
    """Whether who sent a file may still send anything; raises `LogUnavailable`."""


@dataclass(slots=True)
class Verdict:
    """Of the row 0 is what is about the whole file."""

    rows: int = 0
    faults: list[RowFault] = field(default_factory=list)
    warnings: list[RowFault] = field(default_factory=list)


def verdict(file: File, judging: Judging) -> Verdict:
    """Judge every row. Raises `StoreUnavailable` and `Rebuilding`."""
    found, seen, left = Verdict(), dict[str, int](), file.rows()
    try:
        while batch := list(islice(left, _AT_ONCE)):
            found.rows += len(batch)
            _judge(file, batch, judging, found, seen)
            if len(found.faults) > MOST_TOLD:
                told = f"there are more than {MOST_TOLD:,} faults; nothing after this row was looked at"
                found.faults[MOST_TOLD:] = [RowFault(batch[-1].number, "", told)]
                break
        if not found.rows:
            found.faults.append(RowFault(0, "", "the file has no rows below its headings"))
    except Unreadable as unreadable:
        found.faults.append(RowFault(0, "", f"the file {unreadable}"))
    del found.warnings[MOST_TOLD:]
    return found


def _judge(file: File, batch: Sequence[Row], judging: Judging, found: Verdict, seen: dict[str, int]) -> None:
    right: list[tuple[int, Event]] = []
    example = {column.heading: column.example for column in file.sort.columns}
    for row in batch:
        event = file.event(row)
        if all(row.cells.get(heading, "") == cell for heading, cell in example.items()):
            found.faults.append(RowFault(row.number, "", EXAMPLE))
        elif not isinstance(event, Event):
            found.faults += event
        elif (before := seen.setdefault(event.id, row.number)) != row.number:
            heading, told = identity_column(file.sort, row), f"stands in row {before} too; each has one of its own"
            found.faults.append(RowFault(row.number, heading, told))
        else:
            right.append((row.number, translated(event, judging.tables())))
    events = [event for _, event in right]
    for place, wrong in judging.beyond(events, file.sender).items():
        found.faults += _told(file.sort, right[place][0], wrong)
    for (number, _), doubts in zip(right, judging.doubts(events), strict=True):
        for doubt in doubts:
            # Who corrects a row would take it for corrected, and it would change nothing.
            kind = found.faults if doubt.code == "id-conflict" else found.warnings
            kind.append(fault_at(file.sort, number, Fault(doubt.pointer, doubt.message)))


def _told(sort: Sort, number: int, faults: Sequence[Fault]) -> list[RowFault]:
    return [fault_at(sort, number, fault) for fault in faults]


def report(file: File, found: Verdict) -> bytes:
    """The file as CSV in UTF-8, with a column of faults and one of warnings in Chinese, to be corrected and sent again.

    Columns of its own that the sort does not know stand behind those that it does.
    """
    by_row: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for kind, those in enumerate((found.faults, found.warnings)):
        for each in those:
            said = chinese(each.message)
            by_row[each.row][kind].append(f"{each.column}：{said}" if each.column else said)
    headings = dict.fromkeys(column.heading for column in file.sort.columns)
    with suppress(Unreadable):
        headings |= {heading: None for row in file.rows() for heading in row.cells if heading not in _OURS}
    told = io.BytesIO()
    told.write(MARK + line([NUMBER, *headings, FAULTS, WARNINGS]))
    if 0 in by_row:
        told.write(line(["", *("" for _ in headings), *map("；".join, by_row[0])]))
    with suppress(Unreadable):  # from there on nobody can say what stands in it
        for row in file.rows():
            cells = [harmless(row.cells.get(heading, "")) for heading in headings]
            told.write(line([str(row.number), *cells, *map("；".join, by_row[row.number])]))
    return told.getvalue()
