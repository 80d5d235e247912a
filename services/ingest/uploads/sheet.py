"""The first sheet of an XLSX as JSON: `python -m services.ingest.uploads.sheet < FILE`, a row a line.

In a process of its own, with so much memory and no more: the reader makes room for all from the first cell to the last
before it looks at one, so that a file of a kilobyte with one cell far away would end whoever reads it. A line that is a
text says why the file is refused.
"""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime

import orjson
from python_calamine import load_workbook

from services.ingest.uploads.cells import LOST

MOST_LINES = 40_000
"""Rows of a sheet, empty ones too."""
_MOST_MEMORY = 2 << 30
_SECONDS = 120
_SURE = 2**53
"""Numbers from here on have lost digits in a spreadsheet."""
UNREADABLE = "is no XLSX that can be read; save it anew"


def lines(content: bytes) -> Iterator[list[str]]:
    """The rows, from the first cell on: *else* an empty first column is cut off, and all others move."""
    with load_workbook(io.BytesIO(content)) as book:
        sheet = book.get_sheet_by_index(0)
        if sheet.total_height > MOST_LINES:
            raise ValueError(f"has something below row {MOST_LINES:,}; delete it, or send the table in parts")
        for line in sheet.to_python(skip_empty_area=False):
            yield [_cell(each) for each in line]


def _cell(value: object) -> str:
    """A spreadsheet's cell as text: numbers without a fraction as people see them, days by ISO 8601."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return LOST if abs(value) >= _SURE else str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def main() -> None:
    """Read standard input, write standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    out = sys.stdout.buffer
    try:
        for line in lines(sys.stdin.buffer.read()):
            out.write(orjson.dumps(line) + b"\n")
    except ValueError as error:
        out.write(orjson.dumps(str(error) if type(error) is ValueError else UNREADABLE) + b"\n")
    except BaseException:  # noqa: BLE001  # a panic of the reader's own language is no Exception
        out.write(orjson.dumps(UNREADABLE) + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
