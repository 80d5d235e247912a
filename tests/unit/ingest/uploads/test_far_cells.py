"""A sheet that says it is huge ends nobody: it is read in a process of its own, with so much memory and no more."""

import io
import zipfile

import pytest

from services.ingest.uploads.columns import SORTS
from services.ingest.uploads.reading import XLSX, Unreadable, rows

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>
<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>""",
}


def a_sheet(inside):
    """An XLSX by hand: libraries write none such."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        whole = {**PARTS, "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEETS}">{inside}</worksheet>'}
        for name, text in whole.items():
            packed.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return file.getvalue()


def two_cells(column, row):
    text = '<c r="{}{}" t="inlineStr"><is><t>x</t></is></c>'
    first, last = text.format("A", 1), text.format(column, row)
    return a_sheet(f'<sheetData><row r="1">{first}</row><row r="{row}">{last}</row></sheetData>')


ONE = "<row><c><v>1</v></c></row>"
WIDE = f"<row>{'<c/>' * 16_000}<c><v>1</v></c></row>"
FAR = {
    "the last cell of all": two_cells("XFD", 1_048_576),
    "many columns": two_cells("XFD", 5_000),
    "below what is read": two_cells("C", 50_000),
    "places that are counted": a_sheet(f"<sheetData>{WIDE}{'<row/>' * 30_000}{ONE}</sheetData>"),
}


@pytest.mark.parametrize("content", FAR.values(), ids=FAR)
def test_a_cell_far_away_is_refused_and_nobody_dies_of_it(content):
    with pytest.raises(Unreadable, match=r"far away|below row"):
        list(rows(content, XLSX, SORTS["cases"]))


def test_a_reader_that_is_left_in_the_middle_is_ended():
    wide = a_sheet(f"<sheetData>{ONE * 30_000}</sheetData>")
    with pytest.raises(Unreadable, match="lacks columns"):
        list(rows(wide, XLSX, SORTS["cases"]))
