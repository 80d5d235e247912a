"""The validator of the exchange table: cells alone, cells of a row together, and rows together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from services.statistics.publicity.columns import (
    CATEGORIES,
    CODE_OF_INDIVIDUALS,
    INDIVIDUAL,
    NAMED,
    UNIFIED,
    Column,
    Row,
    cell_faults,
)

_FINE, _SEIZED = "罚款", "没收"
_LICENCES = ("暂扣", "吊销")


class Fault(NamedTuple):
    """A cell that the exchange would refuse; `row` is the number of its row in the table, from 1."""

    row: int
    decision_no: str
    column: str
    heading: str
    message: str


def faults(rows: Iterable[Row]) -> Iterator[Fault]:
    """What the exchange would refuse of a table."""
    first: dict[tuple[str, str], int] = {}
    for place, row in enumerate(rows, 1):
        number, organ = row.get("cf_wsh", ""), row.get("cf_cfjgdm", "")
        for column, message in (*cell_faults(row), *_together(row)):
            yield Fault(place, number, column.name, column.heading, message)
        before = first.setdefault((number, organ), place)
        if number and before != place:
            told = f"与第{before}行重复：同一机关的文号不得重复 (is that of row {before} too)"
            yield Fault(place, number, "cf_wsh", NAMED["cf_wsh"].heading, told)


def _together(row: Row) -> Iterator[tuple[Column, str]]:
    said = {name: row.get(name, "") for name in NAMED}
    kinds, code = said["cf_cflb"], said["cf_xdr_shxym"]
    if not code and not said["cf_xdr_gszc"]:
        yield NAMED["cf_xdr_shxym"], "统一社会信用代码与工商注册号至少填一项 (one of the two codes is needed)"
    if said["cf_jdrq"] > said["cf_gsjzq"] != "":
        yield NAMED["cf_gsjzq"], "不得早于处罚决定日期 (must not be before the day of the decision)"
    if _FINE in kinds and not said["cf_nr_fk"]:
        yield NAMED["cf_nr_fk"], "处罚类别含罚款时必填 (is required where the kinds have a fine)"
    if _SEIZED in kinds and not said["cf_nr_wfff"]:
        yield NAMED["cf_nr_wfff"], "处罚类别含没收时必填 (is required where something is seized)"
    if any(each in kinds for each in _LICENCES) and not said["cf_nr_zkdx"]:
        yield NAMED["cf_nr_zkdx"], "处罚类别含暂扣或吊销时必填 (is required where a licence is taken)"
    known = len(code) == UNIFIED and said["cf_xdr_lb"] in CATEGORIES
    if known and code.startswith(CODE_OF_INDIVIDUALS) != (said["cf_xdr_lb"] == INDIVIDUAL):
        yield (
            NAMED["cf_xdr_lb"],
            f"92开头的代码是{INDIVIDUAL}，其他不是 (with 92 begin the codes of {INDIVIDUAL} alone)",
        )
