"""Double publicity: what is in the table, in which unit, what the exchange refuses, and what is to be taken down."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from services.statistics.publicity.checking import faults
from services.statistics.publicity.columns import COLUMNS
from services.statistics.publicity.files import Table, in_csv, in_xlsx
from services.statistics.publicity.rows import penalties
from services.statistics.publicity.withdrawals import withdrawals
from shared.credit.facts import Fact
from shared.credit.receipt import assess
from shared.credit.rulebook import Rulebooks
from shared.events.types.case_decided import EXAMPLE
from shared.registry.working_days import calendar_of
from shared.rulebooks.loader import SHIPPED, load_directory

BOOKS = Rulebooks(load_directory(SHIPPED))
SHOP = "shop:92320902MA1N00026Y-01"
NOW, LATER = datetime(2026, 5, 7, tzinfo=UTC), datetime(2026, 5, 20, 4, tzinfo=UTC)
REGISTERED = {"name": "盐都区李记土菜馆", "legal_form": "individual", "operator": "李某"}
YEAR = date(2026, 1, 1), date(2026, 12, 31)


HERE, THERE = "320902001001", "320903001001"


def a_case(id_="c-1", what="case.decided", time="2026-05-06T10:00:00+08:00", recorded=NOW, **data):
    days = {"occurred_on": "2026-05-04", "decided_on": "2026-05-06", "served_on": "2026-05-07"}
    return Fact("urn:a", id_, f"cn.chengxin.{what}.v1", SHOP, time, {**EXAMPLE, **days, **data}, recorded)


def revoked(on="2026-05-20", recorded=LATER):
    data = {"case_no": EXAMPLE["case_no"], "revoked_on": on, "ground": "litigation", "instrument_no": "x"}
    return Fact("urn:a", "r-1", "cn.chengxin.case.revoked.v1", SHOP, "2026-05-20T10:00:00+08:00", data, recorded)


def amended(recorded=LATER, **data):
    return a_case("a-1", "case.amended", "2026-05-20T10:00:00+08:00", recorded, **{"revision": 1, **data})


def withdrawn(*facts, today=date(2026, 5, 25), calendars=calendar_of, days=YEAR, within=lambda _: True):
    def public(some):
        return assess(SHOP, some, BOOKS, ledger="public")

    return list(withdrawals(facts, public, *days, today, calendars, within))


def rows(*facts, today=date(2026, 6, 1), days=YEAR, within=lambda _: True):
    return list(penalties(assess(SHOP, facts, BOOKS, ledger="public"), REGISTERED, *days, today, within))


def test_a_penalty_has_its_fine_in_wan_yuan_with_six_decimals_and_nothing_wrong():
    [row] = rows(a_case())
    assert row["cf_nr_fk"] == "0.020000"
    assert (row["cf_xdr_lb"], row["cf_xdr_shxym"], row["cf_wsh"]) == ("个体工商户", SHOP[5:23], EXAMPLE["decision_no"])
    assert (row["cf_cflb"], row["cf_jdrq"]) == ("罚款；警告", "2026-05-06")
    assert list(faults([row])) == []


def test_what_has_ended_is_in_no_table():
    assert rows(a_case(), revoked()) == []
    assert rows(a_case(), today=date(2036, 1, 1)) == []
    assert rows(a_case(), days=(date(2026, 5, 7), date(2026, 12, 31))) == []


def test_a_revocation_is_withdrawn_within_three_working_days():
    [one] = withdrawn(a_case(), revoked())
    assert (one.what, one.withdraw_by, one.overdue, one.ground) == ("revoked", "2026-05-25", False, "行政诉讼")
    [late] = withdrawn(a_case(), revoked(), today=date(2026, 5, 26))
    assert late.overdue


def test_what_was_changed_is_withdrawn_as_it_was_and_a_slip_that_nobody_sees_is_not():
    [one] = withdrawn(a_case(), amended(penalties=[{"kind": "警告"}], decision_no="盐都城管罚决字〔2026〕第9号"))
    assert (one.what, one.on, one.ground) == ("amended", "2026-05-20", "变更")
    assert one.decision_no == EXAMPLE["decision_no"]
    [gone] = withdrawn(a_case(), amended(severity="minor"))  # it is public no more
    assert gone.what == "amended"
    assert withdrawn(a_case(), amended(officers=["J-8", "J-9"])) == []


def test_what_is_told_late_stands_in_the_days_when_it_was_told_too():
    late = revoked("2026-05-20", datetime(2026, 6, 3, tzinfo=UTC))
    may, june = (date(2026, 5, 1), date(2026, 5, 31)), (date(2026, 6, 1), date(2026, 6, 30))
    assert [each.on for days in (may, june) for each in withdrawn(a_case(), late, days=days)] == ["2026-05-20"] * 2
    assert withdrawn(a_case(), late, days=(date(2026, 7, 1), date(2026, 7, 31))) == []


def test_what_never_was_public_is_in_no_list():
    assert withdrawn(a_case(severity="minor"), revoked()) == []
    assert withdrawn(a_case(recorded=LATER), revoked()) == []
    assert withdrawn(a_case(), revoked("2036-01-01", datetime(2036, 1, 1, tzinfo=UTC)), days=(YEAR[0], date.max)) == []


def test_each_region_withdraws_what_it_published_and_lists_what_is_its_own_now():
    moved = amended(region=THERE)
    assert [each["cf_wsh"] for each in rows(a_case(), moved, within=lambda region: region == HERE)] == []
    assert len(rows(a_case(), moved, within=lambda region: region == THERE)) == 1
    end = revoked("2026-05-28", datetime(2026, 5, 28, 4, tzinfo=UTC))
    assert [each.on for each in withdrawn(a_case(), moved, end, within=lambda region: region == THERE)] == [
        "2026-05-28"
    ]
    assert rows(a_case(), moved, end, within=lambda region: region == HERE) == []


def test_of_a_year_without_a_calendar_no_day_is_guessed():
    span = date(2031, 1, 1), date(2031, 12, 31)
    case = a_case(**dict.fromkeys(("occurred_on", "decided_on", "served_on"), "2031-02-01"))
    [one] = withdrawn(case, revoked("2031-03-03"), today=date(2031, 6, 1), days=span)
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
        ("cf_wsh", "盐城2026-1"),
        ("cf_wsh", "盐都城管罚决字（2026）第1号"),
        ("cf_cflb", "罚款、警告"),
        ("cf_cflb", "罚金"),
        ("cf_nr_fk", ""),
        ("cf_xdr_lb", "法人及非法人组织"),
        ("cf_sy", "当事人张某，电话13812345678"),
    ],
)
def test_the_validator_names_the_field_and_the_rule(column, text):
    [row] = rows(a_case())
    found = list(faults([{**row, column: text}]))
    assert [fault.column for fault in found] == [column]
    assert found[0].decision_no == ({**row, column: text})["cf_wsh"]


@pytest.mark.parametrize(
    ("kind", "column"),
    [("没收违法所得", "cf_nr_wfff"), ("吊销许可证件", "cf_nr_zkdx"), ("暂扣许可证件", "cf_nr_zkdx")],
)
def test_what_a_kind_of_penalty_needs_is_missed(kind, column):
    [row] = rows(a_case(penalties=[{"kind": kind}]))
    assert [fault.column for fault in faults([row])] == [column]


def test_a_licence_that_is_taken_is_named():
    [row] = rows(a_case(penalties=[{"kind": "吊销许可证件", "content": "吊销建筑垃圾处置核准 苏J-001"}]))
    assert row["cf_nr_zkdx"] == "吊销建筑垃圾处置核准 苏J-001"
    assert list(faults([row])) == []


def test_a_number_stands_once_in_a_table_of_an_organ():
    [row] = rows(a_case())
    [again] = faults([row, row])
    assert (again.row, again.column) == (2, "cf_wsh")
    assert list(faults([row, {**row, "cf_cfjgdm": "91320903MA1P000364"}])) == []


def test_brackets_as_they_are_typed_are_those_of_numbers_of_documents():
    [row] = rows(a_case(decision_no="盐都城管罚决字[2026]第1号"))
    assert row["cf_wsh"] == "盐都城管罚决字〔2026〕第1号"


def test_a_code_of_an_individual_says_so_where_the_register_does_not():
    account = assess(SHOP, [a_case()], BOOKS, ledger="public")
    [row] = penalties(account, {"name": "李记"}, *YEAR, date(2026, 6, 1))
    assert row["cf_xdr_lb"] == "个体工商户"


def test_one_of_the_codes_is_needed():
    [row] = rows(a_case())
    assert [fault.column for fault in faults([{**row, "cf_xdr_shxym": ""}])] == ["cf_xdr_shxym"]


def test_the_files_hold_the_same_and_compute_nothing():
    [row] = rows(a_case(facts="=1+1"))
    [withdrawal] = withdrawn(a_case(), revoked(), today=date(2026, 6, 1))
    [read] = csv.DictReader(io.StringIO(in_csv([row]).decode("utf-8-sig")))
    assert (read["cf_sy"], read["cf_nr_fk"], list(read)) == ("'=1+1", "0.020000", [c.name for c in COLUMNS])
    file = io.BytesIO()
    in_xlsx(file, Table([row], list(faults([{**row, "cf_wsh": ""}])), [withdrawal]))
    assert b"<f>" not in b"".join(zipfile.ZipFile(file).read(name) for name in zipfile.ZipFile(file).namelist())
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue()))
    assert book.sheet_names == ["行政处罚", "撤回", "校验"]
    table = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert table[0][1][[c.name for c in COLUMNS].index("cf_nr_fk")] == "0.020000"
    assert table[1][1][-1] == "是"
    assert table[1][1][0] == "撤销"
    assert table[2][1][2] == "cf_wsh"
