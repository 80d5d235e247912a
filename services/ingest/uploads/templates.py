"""Empty tables with their headings, an example and words about each column, to be filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from xlsxwriter import Workbook

from services.ingest.uploads.columns import Sort
from shared.spreadsheets import MARK, line

_SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTH, _WIDE = 20, 70
_MADE = datetime(2026, 1, 1, tzinfo=UTC)
_REQUIRED = "*"
"""Ends the heading of a column that must be filled; whoever reads the file takes it off."""


def in_csv(sort: Sort) -> bytes:
    """Headings and one row of example, in UTF-8 with a byte order mark."""
    return MARK + line(_headings(sort)) + line([column.example for column in sort.columns])


def in_xlsx(sort: Sort) -> bytes:
    """Two sheets: the table, all of its cells texts, and 填写说明."""
    file = BytesIO()
    with Workbook(file, _SAFE) as book:
        book.set_properties({"created": _MADE})  # else no two were the same, and no cache would know it
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(sort.chinese)
        sheet.set_column(0, len(sort.columns) - 1, _WIDTH, text)  # else a spreadsheet makes numbers of ids
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, _headings(sort), bold)
        for place, column in enumerate(sort.columns):
            sheet.write_string(1, place, column.example, text)
        told = book.add_worksheet("填写说明")
        told.set_column(0, 1, _WIDTH)
        told.set_column(2, 2, _WIDE)
        told.write_row(0, 0, ["列", "是否必填", "说明"], bold)
        for number, column in enumerate(sort.columns, 1):
            told.write_row(number, 0, [column.heading, "必填" if column.required else "选填", column.says])
    return file.getvalue()


def _headings(sort: Sort) -> list[str]:
    return [column.heading + (_REQUIRED if column.required else "") for column in sort.columns]
