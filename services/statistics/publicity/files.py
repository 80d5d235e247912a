"""The table as files: CSV for the exchange, XLSX for the people who check it first. Nothing in them computes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, NamedTuple

from xlsxwriter import Workbook

from services.statistics.publicity.checking import Fault
from services.statistics.publicity.columns import COLUMNS, NAMES, Row
from services.statistics.publicity.withdrawals import Withdrawal
from shared.spreadsheets import MARK, harmless, line

_SAFE = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTH = 22
WITHDRAWN = (
    "撤销或变更", "决定书文号", "案号", "处罚机关", "处罚决定日期", "撤销或变更日期", "依据", "最迟撤下日期", "逾期",
)  # fmt: skip
WRONG = ("行", "决定书文号", "字段", "字段名称", "问题")
_WHAT = {"revoked": "撤销", "amended": "变更"}


class Table(NamedTuple):
    """What is exported: the rows, what the exchange would refuse of them, and what must be taken down."""

    rows: list[Row]
    faults: list[Fault]
    withdrawals: list[Withdrawal]


def in_csv(rows: Iterable[Row]) -> bytes:
    """The rows by the exchange's names, in UTF-8 with a byte order mark."""
    return MARK + line(NAMES) + b"".join(line([harmless(row.get(name, "")) for name in NAMES]) for row in rows)


def in_xlsx(file: IO[bytes], table: Table) -> None:
    """Three sheets: 行政处罚, 撤回 and 校验."""
    with Workbook(file, _SAFE) as book:
        headings = [f"{column.heading} {column.name}" for column in COLUMNS]
        _sheet(book, "行政处罚", headings, ([row.get(name, "") for name in NAMES] for row in table.rows))
        _sheet(book, "撤回", WITHDRAWN, map(_told, table.withdrawals))
        _sheet(book, "校验", WRONG, ([str(each.row), *each[1:]] for each in table.faults))


def _told(each: Withdrawal) -> list[str | None]:
    return [_WHAT[each.what], *each[1:-1], "是" if each.overdue else "否"]


def _sheet(book: Workbook, name: str, headings: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(headings) - 1, _WIDTH)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
    for number, row in enumerate(rows, 1):
        for place, text in enumerate(row):
            sheet.write_string(number, place, text or "")
