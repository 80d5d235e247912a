"""Double publicity: what is in the table, in which unit, what the exchange refuses, and what is to be taken down."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from services.statistics.publicity.columns import COLUMNS, faults
from services.statistics.publicity.files import Table, in_csv, in_xlsx
from services.statistics.publicity.rows import penalties, withdrawals
from shared.credit.facts import Fact
from shared.credit.receipt import assess
from shared.credit.rulebook import Rulebooks
from shared.events.types.case_decided import EXAMPLE
from shared.registry.working_days import calendar_of
from shared.rulebooks.loader import SHIPPED, load_directory

BOOKS = Rulebooks(load_directory(SHIPPED))
SHOP = "shop:92320902MA1N00026Y-01"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
REGISTERED = {"name": "盐都区李记土菜馆", "legal_form": "individual", "operator": "李某"}
YEAR = date(2026, 1, 1), date(2026, 12, 31)


def a_case(id_="c-1", what="case.decided", **data):
    time = "2026-05-06T10:00:00+08:00"
    days = {"occurred_on": "2026-05-04", "decided_on": "2026-05-06", "served_on": "2026-05-07"}
    return Fact("urn:a", id_, f"cn.chengxin.{what}.v1", SHOP, time, {**EXAMPLE, **days, **data}, NOW)


def revoked(on="2026-05-20"):
    data = {"case_no": EXAMPLE["case_no"], "revoked_on": on, "ground": "litigation", "instrument_no": "x"}
    return Fact("urn:a", "r-1", "cn.chengxin.case.revoked.v1", SHOP, "2026-05-20T10:00:00+08:00", data, NOW)


def rows(*facts, today=date(2026, 6, 1), days=YEAR):
    return list(penalties(assess(SHOP, facts, BOOKS, ledger="public"), REGISTERED, *days, today))


def test_a_penalty_has_its_fine_in_wan_yuan_with_six_decimals_and_nothing_wrong():
    [row] = rows(a_case())
    assert row["cf_nr_fk"] == "0.020000"
    assert (row["cf_xdr_lb"], row["cf_xdr_shxym"], row["cf_wsh"]) == ("个体工商户", SHOP[5:23], EXAMPLE["decision_no"])
    assert (row["cf_cflb"], row["cf_jdrq"]) == ("罚款；警告", "2026-05-06")
    assert faults(row, 1) == []


def test_what_has_ended_is_in_no_table():
    assert rows(a_case(), revoked()) == []
    assert rows(a_case(), today=date(2036, 1, 1)) == []
    assert rows(a_case(), days=(date(2026, 5, 7), date(2026, 12, 31))) == []


def test_a_revocation_is_withdrawn_within_three_working_days():
    [one] = withdrawals([a_case(), revoked()], *YEAR, date(2026, 5, 25), calendar_of)
    assert (one.withdraw_by, one.overdue, one.ground) == ("2026-05-25", False, "行政诉讼")
    [late] = withdrawals([a_case(), revoked()], *YEAR, date(2026, 5, 26), calendar_of)
    assert late.overdue


def test_of_a_year_without_a_calendar_no_day_is_guessed():
    span = date(2031, 1, 1), date(2031, 12, 31)
    [one] = withdrawals([a_case(), revoked("2031-03-03")], *span, date(2031, 6, 1), calendar_of)
    assert (one.withdraw_by, one.overdue) == (None, False)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("cf_wsh", ""),
        ("cf_nr_fk", "200"),
        ("cf_nr_fk", "-0.020000"),
        ("cf_jdrq", "2026-02-30"),
        ("cf_cfjgdm", "11320900014354934A"),
        ("cf_xdr_shxym", "1"),
        ("cf_xdr_lb", "shop"),
        ("cf_frdb", "李" * 51),
        ("cf_gsjzq", "2026-05-05"),
    ],
)
def test_the_validator_names_the_field_and_the_rule(column, text):
    [row] = rows(a_case())
    assert column in [fault.column for fault in faults({**row, column: text}, 1)]


def test_one_of_the_codes_is_needed():
    [row] = rows(a_case())
    assert [fault.column for fault in faults({**row, "cf_xdr_shxym": ""}, 1)] == ["cf_xdr_shxym"]


def test_the_files_hold_the_same_and_compute_nothing():
    [row] = rows(a_case(facts="=1+1"))
    [withdrawal] = withdrawals([a_case(), revoked()], *YEAR, date(2026, 6, 1), calendar_of)
    [read] = csv.DictReader(io.StringIO(in_csv([row]).decode("utf-8-sig")))
    assert (read["cf_sy"], read["cf_nr_fk"], list(read)) == ("'=1+1", "0.020000", [c.name for c in COLUMNS])
    file = io.BytesIO()
    in_xlsx(file, Table([row], faults({**row, "cf_wsh": ""}, 1), [withdrawal]))
    assert b"<f>" not in b"".join(zipfile.ZipFile(file).read(name) for name in zipfile.ZipFile(file).namelist())
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue()))
    assert book.sheet_names == ["行政处罚", "撤回", "校验"]
    table = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert table[0][1][[c.name for c in COLUMNS].index("cf_nr_fk")] == "0.020000"
    assert table[1][1][-1] == "是"
    assert table[2][1][1] == "cf_wsh"
