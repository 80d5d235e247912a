"""What people write into cells, and what events have of it."""

import pytest

from services.ingest.uploads.cells import cents, day, findings, people, word

SEVERITIES = {"轻微": "minor", "一般": "general"}


@pytest.mark.parametrize("cell", ["2026-02-01", "2026/2/1", "2026.02.01", "2026年2月1日", "2026-02-01 00:00:00"])
def test_a_day_in_any_usual_spelling(cell):
    assert day(cell) == "2026-02-01"


@pytest.mark.parametrize("cell", ["2月1日", "26-02-01", "2026-02-01 10:30", "45689", "2026-02"])
def test_what_is_no_day_or_no_whole_one_is_refused(cell):
    with pytest.raises(ValueError, match="such as 2026-02-01"):
        day(cell)


def test_several_in_one_cell():
    assert people("320902-0101、320902-0102") == people("320902-0101; 320902-0102，") == ["320902-0101", "320902-0102"]


def test_a_word_in_chinese_or_as_events_have_it():
    severity = word(SEVERITIES)
    assert severity("轻微") == severity("minor") == "minor"
    with pytest.raises(ValueError, match="must be 轻微 or 一般"):
        severity("严重")


def test_findings_are_codes_with_their_severities():
    form = findings(SEVERITIES)
    assert form("SP-03 一般；SP-01 minor") == [
        {"violation_code": "SP-03", "severity": "general"},
        {"violation_code": "SP-01", "severity": "minor"},
    ]
    for cell in ("SP-03", "SP-03 严重", "SP-03 一般 又"):
        with pytest.raises(ValueError, match="must be"):
            form(cell)


@pytest.mark.parametrize(("cell", "amount"), [("200", 20000), ("200.5", 20050), ("1,200.05元", 120005), ("0", 0)])
def test_an_amount_in_yuan_is_one_in_cents(cell, amount):
    assert cents(cell) == amount


@pytest.mark.parametrize("cell", ["-1", "1.005", "贰佰", "NaN", "1e999", ""])
def test_what_is_no_amount_is_refused(cell):
    with pytest.raises(ValueError, match="amount in yuan"):
        cents(cell)
