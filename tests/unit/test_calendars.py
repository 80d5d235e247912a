"""Calendars that an installation adds: counted by like the shipped ones, and refused where they are not right."""

import json
from datetime import date

import pytest

from shared.calendars import CalendarsError, calendars_with, load_calendars
from shared.registry.working_days import NoCalendar, after, before

NEXT = {
    "year": 2027,
    "notice": "国办发明电〔2026〕1号",
    "holidays": [{"name": "元旦", "from": "2027-01-01", "until": "2027-01-03"}],
    "workdays": ["2027-01-10"],
}


def put(folder, document=NEXT, name="2027.json"):
    (folder / name).write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")


def faults(folder):
    with pytest.raises(CalendarsError) as error:
        load_calendars(folder)
    return error.value.faults


def test_a_limit_over_the_turn_of_the_year_is_counted_by_both(tmp_path):
    put(tmp_path)
    put(tmp_path, "of no meaning", "README.md")
    calendars = calendars_with(str(tmp_path))
    assert after(date(2026, 12, 30), 7, calendars) == date(2027, 1, 10)
    assert before(date(2027, 1, 4), 1, calendars) == date(2026, 12, 31)


def test_a_later_notice_goes_before_what_is_shipped(tmp_path):
    assert after(date(2026, 11, 20), 1, calendars_with("")) == date(2026, 11, 23)
    more = {"name": "x", "from": "2026-11-23", "until": "2026-11-23"}
    put(tmp_path, NEXT | {"year": 2026, "holidays": [more], "workdays": []}, "2026.json")
    assert after(date(2026, 11, 20), 1, calendars_with(str(tmp_path))) == date(2026, 11, 24)


def test_a_year_that_nobody_added_is_still_no_guess(tmp_path):
    put(tmp_path)
    with pytest.raises(NoCalendar, match="2028"):
        after(date(2027, 12, 31), 1, calendars_with(str(tmp_path)))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"year": 2028}, "must have the year 2027 that its name says"),
        ({"notice": " "}, "must name the notice 文号 that it follows"),
        ({"holidays": {}}, "holidays must be an array"),
        ({"holidays": [{"name": "x", "from": "2027-01-01"}]}, "each must be an object with name, from, until"),
        ({"holidays": [{"name": "x", "from": "2027-01-03", "until": "2027-01-01"}]}, "must not be later than"),
        ({"holidays": [{"name": "x", "from": "2026-12-31", "until": "2027-01-01"}]}, "must be a day of 2027"),
        ({"workdays": ["10.1.2027"]}, "must be a day such as 2027-01-01"),
        ({"workdays": ["2027-01-11"]}, "2027-01-11 must be a Saturday or Sunday, and no holiday"),
        ({"workdays": ["2027-01-03"]}, "2027-01-03 must be a Saturday or Sunday, and no holiday"),
        ({"more": 1}, "must be an object with holidays, notice, workdays, year and nothing else"),
    ],
)
def test_what_is_wrong_with_a_calendar_is_said_with_its_file(tmp_path, change, fault):
    put(tmp_path, NEXT | change)
    (told,) = faults(tmp_path)
    assert told.startswith("2027.json ")
    assert fault in told


def test_all_faults_of_a_folder_are_told_together(tmp_path):
    put(tmp_path, "{")
    put(tmp_path, NEXT, "next.json")
    put(tmp_path, " " * 70_000, "2028.json")
    assert faults(tmp_path) == [
        "2027.json must be JSON in UTF-8",
        "2028.json must have at most 65536 bytes",
        "next.json must be named by its year, such as 2027.json",
    ]
    assert faults(tmp_path / "none") == ["must be the path of a folder"]
