"""Seats of panels after all replacements, and the calendar that is made of them."""

from types import SimpleNamespace

from icalendar import Calendar

from services.draws.people.addresses import Address
from services.draws.people.assignments import Assignment
from services.draws.people.calendar import calendar
from services.draws.people.panels import Seat, panels
from services.draws.steps import Committed

RESULT = {
    "selected": [
        {"subject_id": "shop:01", "inspectors": ["J-1", "J-2"]},
        {"subject_id": "shop:02", "inspectors": ["J-2", "J-3"]},
    ]
}
NEXT = {"subject_id": "shop:03", "inspectors": ["J-1", "J-3"]}


def standing(found):
    return sorted((each.subject_id, each.code) for each in found.seats if each.stands)


def test_a_result_without_records_stands():
    assert standing(panels(RESULT, [])) == [
        ("shop:01", "J-1"), ("shop:01", "J-2"), ("shop:02", "J-2"), ("shop:02", "J-3"),
    ]  # fmt: skip


def test_a_replaced_subject_takes_its_panel_with_it():
    found = panels(RESULT, [{"replaces": "shop:01", "selected": NEXT}])
    assert standing(found) == [("shop:02", "J-2"), ("shop:02", "J-3"), ("shop:03", "J-1"), ("shop:03", "J-3")]
    assert found.codes() == {"J-1", "J-2", "J-3"}


def test_who_left_a_panel_is_not_opened():
    left = {"subject_id": "shop:01", "leaves": "J-1", "joins": "J-3", "cause": "illness"}
    assert panels(RESULT, [left]).codes() == {"J-2", "J-3"}


def test_a_subject_that_nobody_replaces_stays():
    assert standing(panels(RESULT, [{"replaces": "shop:01", "selected": None}])) == standing(panels(RESULT, []))


def test_who_leaves_is_followed_by_who_joins_and_a_seat_may_stay_empty():
    joined = panels(RESULT, [{"subject_id": "shop:01", "leaves": "J-1", "joins": "J-4"}])
    assert ("shop:01", "J-4") in standing(joined)
    empty = panels(RESULT, [{"subject_id": "shop:01", "leaves": "J-1", "joins": None}])
    assert [each for each in standing(empty) if each[0] == "shop:01"] == [("shop:01", "J-2")]


def test_who_left_before_his_subject_was_replaced_does_not_come_back():
    found = panels(
        RESULT,
        [{"subject_id": "shop:01", "leaves": "J-1", "joins": "J-4"}, {"replaces": "shop:01", "selected": NEXT}],
    )
    assert {each.code for each in found.seats if each.subject_id == "shop:01" and not each.stands} == {
        "J-1", "J-2", "J-4",
    }  # fmt: skip


def test_a_seat_keeps_its_place_when_records_come():
    before = panels(RESULT, []).seats
    after = panels(RESULT, [{"replaces": "shop:01", "selected": NEXT}]).seats
    assert [each[:2] for each in after[: len(before)]] == [each[:2] for each in before]


def test_seats_behind_a_place_are_those_of_one_inspector_where_he_is_named():
    found = panels(RESULT, [])
    assert list(found.behind(0)) == [1, 2, 3]
    assert list(found.behind(-1, "J-2")) == [1, 2]
    assert list(found.behind(1, "J-2")) == [2]
    assert list(found.behind(-1, "J-9")) == []


PLAN = {
    "title": "十一月双随机抽查",
    "window": {"from": "2026-11-09", "until": "2026-11-20"},
    "items": [{"code": "SH-01", "name": "门前三包"}],
}


def events(*seats, draw_id="d-1", address=None):
    committed = Committed("0" * 64, "2026-11-01T09:00:00+08:00", {}, {})
    draw = SimpleNamespace(draw_id=draw_id, plan=SimpleNamespace(document=PLAN), committed=committed)
    text = calendar([Assignment(draw, seat, "320902-0101", address, None) for seat in seats])
    return list(Calendar.from_ical(text).walk("VEVENT"))


def test_an_assignment_is_an_event_of_whole_days_that_names_nobody():
    [event] = events(Seat("shop:01", "J-1", stands=True))
    assert event.decoded("dtstart").isoformat() == "2026-11-09"
    assert event.decoded("dtend").isoformat() == "2026-11-21"
    assert (event["status"], event["sequence"], event["summary"]) == ("CONFIRMED", 0, "抽查 shop:01")
    assert event["description"] == "十一月双随机抽查\nshop:01\nSH-01 门前三包"
    assert "J-1" not in event.to_ical().decode()
    assert "0101" not in event.to_ical().decode()


def test_whom_an_inspector_goes_to_is_told_by_name_and_address_where_they_are_known():
    [event] = events(Seat("shop:01", "J-1", stands=True), address=Address("李记土菜馆", "解放南路1号"))
    assert (event["summary"], event["location"]) == ("抽查 李记土菜馆", "解放南路1号")
    [event] = events(Seat("shop:01", "J-1", stands=True), address=Address("李记土菜馆", None))
    assert "location" not in event


def test_what_is_replaced_comes_again_cancelled_under_its_uid():
    [before], [after] = (events(Seat("shop:01", "J-1", stands=stands)) for stands in (True, False))
    assert after["uid"] == before["uid"]
    assert (after["status"], after["sequence"]) == ("CANCELLED", 1)


def test_every_assignment_has_a_uid_of_its_own():
    seats = [Seat("shop:01", "J-1", stands=True), Seat("shop:02", "J-1", stands=True)]
    uids = [event["uid"] for draw_id in ("d-1", "d-2") for event in events(*seats, draw_id=draw_id)]
    assert len(set(uids)) == 4
