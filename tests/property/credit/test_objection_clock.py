"""The clock of objections: by working days, never guessed, and the same however facts come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.credit.facts import Fact
from shared.credit.objections import Limits, Objection, clock, objections
from shared.registry.working_days import NoCalendar, is_working_day

SHOP = "shop:92320902MA1N00026Y-01"
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
LIMITS = st.builds(Limits, *[st.integers(1, 30)] * 3)
ABOUT = st.sampled_from(["case", "inspection"])
RECORDED = datetime(2026, 3, 1, tzinfo=UTC)


def an_objection(about="case", filed=date(2026, 3, 2), decided=None):
    return Objection("urn:a", "1", about, "c-1", filed, RECORDED, None, decided)


def worked(after, until):
    return sum(is_working_day(after + timedelta(days=number)) for number in range(1, (until - after).days + 1))


@given(DAYS, LIMITS, ABOUT)
def test_as_many_working_days_lie_between_as_the_limit_has(filed, limits, about):
    runs = clock(an_objection(about, filed), limits)
    wanted = limits.own if about == "inspection" else limits.others
    if runs.decide_by is None:
        assert runs.missing_calendar == 2027
        assert runs.overdue(an_objection(about, filed), date(2030, 1, 1)) is None
        return
    assert is_working_day(runs.decide_by)
    assert worked(filed, runs.decide_by) == wanted
    assert worked(filed, runs.mark_by) == limits.mark


@given(DAYS, LIMITS, ABOUT, st.integers(-5, 60))
def test_it_is_overdue_from_the_day_after_the_last_on_and_not_before(filed, limits, about, later):
    objection = an_objection(about, filed)
    runs, today = clock(objection, limits), filed + timedelta(days=later)
    assert runs.overdue(objection, today) is (None if runs.decide_by is None else today > runs.decide_by)


@given(DAYS, LIMITS, ABOUT, st.integers(0, 60), st.integers(0, 400))
def test_what_is_decided_is_judged_by_its_day_whatever_day_it_is(filed, limits, about, after, later):
    decided = filed + timedelta(days=after)
    objection = an_objection(about, filed, decided)
    runs = clock(objection, limits)
    assert runs.overdue(objection, decided) == runs.overdue(objection, decided + timedelta(days=later))


def no_calendars(year):
    raise NoCalendar(year)


def test_without_a_calendar_nothing_is_guessed():
    runs = clock(an_objection(), Limits(), no_calendars)
    assert (runs.mark_by, runs.decide_by, runs.missing_calendar) == (None, None, 2026)


def test_over_the_spring_festival():
    # 2026-02-13 is a Friday before the festival, and the 14th is worked for it.
    runs = clock(an_objection("inspection", date(2026, 2, 13)), Limits())
    assert runs.mark_by == date(2026, 2, 14)
    assert worked(date(2026, 2, 13), runs.decide_by) == 3
    assert runs.decide_by > date(2026, 2, 20)


def a_fact(number, what, **data):
    instant = "2026-03-02T10:00:00+08:00"
    return Fact("urn:a", number, f"cn.chengxin.case.{what}.v1", SHOP, instant, {"case_no": "c-1", **data}, RECORDED)


FACTS = [
    a_fact("0", "decided", officers=["苏J-1", "苏J-2"], region="320902001001"),
    a_fact("1", "disputed", on="2026-03-02", channel="objection"),
    a_fact("2", "dispute_closed", on="2026-03-03", reviewer="苏J-1", outcome="upheld"),
    a_fact("3", "dispute_closed", on="2026-03-05", reviewer="法-1", outcome="amended"),
    a_fact("4", "disputed", on="2026-03-09", channel="objection"),
    a_fact("5", "disputed", on="2026-03-10", channel="litigation"),
    a_fact("6", "dispute_closed", on="2026-03-11", reviewer="法-1", outcome="revoked", channel="litigation"),
]


@given(st.permutations([*FACTS, *FACTS]))
def test_order_and_repetition_change_nothing_and_no_author_decides(facts):
    first, second = objections(facts)
    assert (first.id, first.decided_on, first.outcome) == ("1", date(2026, 3, 5), "amended")
    assert (second.id, second.decided_on, second.region) == ("4", None, "320902001001")


def at(hour, fact):
    return fact._replace(time=f"2026-03-02T{hour:02}:00:00+08:00")


def test_what_is_filed_after_the_decision_of_the_same_day_is_open():
    first = at(9, a_fact("1", "disputed", on="2026-03-02", channel="objection"))
    closing = at(10, a_fact("2", "dispute_closed", on="2026-03-02", reviewer="法-1", outcome="upheld"))
    second = at(11, a_fact("3", "disputed", on="2026-03-02", channel="objection"))
    found = objections([FACTS[0], first, closing, second])
    assert [(each.id, each.outcome) for each in found] == [("1", "upheld"), ("3", None)]


@given(DAYS, st.integers(-3, 30))
def test_a_mark_is_late_from_the_day_after_its_last_in_shanghai(filed, later):
    runs = clock(an_objection(filed=filed), Limits())
    evening = datetime.combine(filed + timedelta(days=later), time(15, 59), UTC)  # a minute before midnight there
    for instant, day in ((evening, later), (evening + timedelta(minutes=1), later + 1)):
        marked = replace(an_objection(filed=filed), marked_at=instant)
        late = None if runs.mark_by is None else filed + timedelta(days=day) > runs.mark_by
        assert runs.marked_late(marked) is late


def test_a_closing_that_is_dated_back_was_silence_until_it_came():
    filed = FACTS[1]._replace(recorded_at=datetime(2026, 3, 2, 4, tzinfo=UTC))
    closing = FACTS[3]._replace(recorded_at=datetime(2026, 4, 30, 4, tzinfo=UTC))
    [found] = objections([FACTS[0], filed, closing])
    runs = clock(found, Limits())
    assert (found.decided_on, runs.overdue(found, date(2026, 5, 1))) == (date(2026, 3, 5), True)
    [history] = objections([FACTS[0], filed._replace(recorded_at=closing.recorded_at), closing])
    assert clock(history, Limits()).overdue(history, date(2026, 5, 1)) is False


def test_a_dispute_that_names_no_channel_is_an_objection():
    [found] = objections([FACTS[0], a_fact("1", "disputed", on="2026-03-02")])
    assert found.decided_on is None
