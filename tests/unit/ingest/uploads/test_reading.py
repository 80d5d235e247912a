"""Files as they come: encodings, headings, sheets, and what is no table."""

import io
import zipfile
from contextlib import suppress

import pytest
from xlsxwriter import Workbook

from services.ingest.uploads import reading
from services.ingest.uploads.columns import CASES, SORTS, SUBJECTS
from services.ingest.uploads.reading import CSV, XLSX, Unreadable, rows
from services.ingest.uploads.templates import in_csv, in_xlsx
from shared.spreadsheets import harmless

TEXT = in_csv(SUBJECTS).decode("utf-8-sig")


def found(content, media_type=CSV, sort=SUBJECTS):
    return list(rows(content, media_type, sort))


def sheet(*lines):
    file = io.BytesIO()
    with Workbook(file, {"strings_to_numbers": False}) as book:
        page = book.add_worksheet()
        for number, line in enumerate(lines):
            page.write_row(number, 0, line)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_csv_in_the_encodings_that_spreadsheets_write(encoding):
    [row] = found(TEXT.encode(encoding))
    assert (row.number, row.cells["名称"]) == (2, "李记土菜馆")


@pytest.mark.parametrize("sort", SORTS.values(), ids=list(SORTS))
def test_templates_are_read_as_they_are(sort):
    expected = {column.heading: column.example for column in sort.columns if column.example}
    for content, media_type in ((in_csv(sort), CSV), (in_xlsx(sort), XLSX)):
        [row] = found(content, media_type, sort)
        assert row.cells == expected


def test_a_template_is_the_same_whenever_it_is_asked_for():
    first = in_xlsx(CASES)
    assert in_xlsx(CASES) == first


@pytest.mark.parametrize("name", ["-38度酒吧", "=1+1", "+86", "'店", "店"])
def test_what_goes_out_to_be_corrected_comes_back_as_it_was_written(name):
    lines = TEXT.replace("李记土菜馆", harmless(name))
    assert found(lines.encode())[0].cells["名称"] == name


def test_rows_have_the_numbers_of_the_spreadsheet_and_empty_ones_are_passed_over():
    lines = TEXT.splitlines()
    again = "\r\n".join([lines[0], "", ",,　,", lines[1], lines[1]])
    assert [row.number for row in found(again.encode())] == [4, 5]


def test_an_empty_first_column_moves_no_other():
    headings = ["", *(column.heading for column in SUBJECTS.columns)]
    [row] = found(sheet(headings, ["", *(column.example for column in SUBJECTS.columns)]), XLSX)
    assert row.cells["主体类别"] == "沿街商铺"


def test_numbers_and_days_are_as_people_see_them():
    headings = [column.heading for column in SUBJECTS.columns]
    [row] = found(sheet(headings, ["沿街商铺", 912345678901234567, 1, "店", 320902001001.0, 2.5, True]), XLSX)
    assert list(row.cells.values()) == ["沿街商铺", "\N{REPLACEMENT CHARACTER}", "1", "店", "320902001001", "2.5", "是"]


NO_TABLES = [
    (b"", CSV, "is empty"),
    (TEXT.replace(",", ";").encode(), CSV, "no commas between its columns"),
    (b"a,b", CSV, "lacks columns: 主体类别"),
    (TEXT.replace("名称*", "店名").encode(), CSV, "lacks columns: 名称;"),
    (TEXT.replace("经营者", "名称").encode(), CSV, "has columns twice: 名称"),
    (b"\xff\xfe\x00\x01", CSV, "neither in UTF-8 nor in GB18030"),
    (TEXT.encode() + b'"open', CSV, "is no CSV at line"),
    (TEXT.encode() + b"x" * 6000 + b"\n", CSV, "one of over 5000 characters"),
    (b"PK", XLSX, "is no XLSX"),
    (TEXT.encode(), XLSX, "is no XLSX"),
    (sheet(["a"]), XLSX, "lacks columns"),
]


@pytest.mark.parametrize("number", range(len(NO_TABLES)))
def test_what_is_no_table_is_told_so(number):
    content, media_type, said = NO_TABLES[number]
    with pytest.raises(Unreadable, match=said):
        found(content, media_type)


def test_more_rows_than_are_taken_are_refused(monkeypatch):
    monkeypatch.setitem(reading.MOST_ROWS, CSV, 2)
    lines = TEXT.splitlines()
    assert len(found("\n".join([lines[0], *lines[1:2] * 2]).encode())) == 2
    with pytest.raises(Unreadable, match="more than 2 rows"):
        found("\n".join([lines[0], *lines[1:2] * 3]).encode())


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(reading, "_MOST_UNPACKED", 1 << 20)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (8 << 20))
    with pytest.raises(Unreadable, match="unpacks to more than 1 MiB"):
        found(file.getvalue(), XLSX)


def test_a_damaged_file_is_told_so_wherever_it_is_damaged():
    whole = in_xlsx(CASES)
    for place in range(0, len(whole), 37):
        damaged = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        with suppress(Unreadable):
            found(damaged, XLSX, CASES)
