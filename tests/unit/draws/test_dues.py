"""What is due of a draw at each step, and from which day on it is overdue."""

from datetime import date, datetime, timedelta

import pytest

from services.draws.dues import Due, next_steps, outcome_dues, overdue_since
from shared.registry.working_days import calendar_of
from shared.web.problems import ProblemError
from tests.support.draws import BEACON, DICE, OTHER, START, hours

WINDOW = {"from": "2026-11-02", "until": "2026-11-13"}
PARTNERS = [{"department": "fire", "confirm_by": "2026-11-03"}, {"department": "law", "confirm_by": "2026-11-03"}]
LAST, AFTER = date(2026, 12, 11), date(2026, 12, 12)


def steps(desk, clock, after=0):
    return next_steps(desk.draw("d-1"), clock.now + hours(after))


def plan(desk, **more):
    desk.plan(window=WINDOW, publish_by=None, **more)


def test_each_step_with_its_bounds(desk, clock):
    dice, beacon = START + hours(2), START + hours(4)
    plan(desk)
    assert steps(desk, clock) == [Due("freeze", by=dice.isoformat())]
    desk.freeze()
    assert steps(desk, clock) == [
        Due("seed", DICE, dice.isoformat(), beacon.isoformat()),
        Due("seed", BEACON, beacon.isoformat()),
    ]
    clock.now = dice
    desk.enter(DICE)
    assert steps(desk, clock, 2) == [Due("seed", BEACON, beacon.isoformat())]
    clock.now = beacon
    desk.enter(BEACON)
    assert steps(desk, clock) == [Due("run")]
    desk.run()
    assert steps(desk, clock) == [Due("publish", not_before="2026-11-14", by="2026-12-11")]
    desk.propose(desk.selected()[0]["subject_id"])
    number = str(desk.now("d-1"))
    assert steps(desk, clock)[1:] == [Due("replacement", number)]
    clock.now = START + timedelta(days=20)
    desk.publish()
    assert steps(desk, clock) == [Due("replacement", number)]
    desk.confirm(int(number), by=OTHER)
    assert steps(desk, clock) == []


def test_where_the_seed_is_lost_only_the_end_is_due(desk, clock):
    plan(desk)
    assert steps(desk, clock, 2) == [Due("abandon")]
    desk.freeze()
    assert steps(desk, clock, 4) == [Due("abandon")]
    desk.abandon()
    assert steps(desk, clock, 4) == []


def test_a_value_by_hand_may_come_late_where_no_source_is_public(log, clock, desk):
    desk.writer._witnessed_only = True
    plan(desk, public=None)
    desk.freeze()
    assert steps(desk, clock, 100)[0] == Due("seed", DICE, (START + hours(2)).isoformat())


def test_a_department_that_was_not_heard_is_late_after_its_day(desk, clock):
    plan(desk, partners=PARTNERS)
    desk.confirm_department("law", ("J-1",))
    assert steps(desk, clock)[0] == Due("department", "fire", by="2026-11-03")
    end = datetime.fromisoformat("2026-11-03T23:59:59+08:00") - clock.now
    assert not next_steps(desk.draw("d-1"), clock.now + end)[0].overdue
    assert next_steps(desk.draw("d-1"), clock.now + end + timedelta(seconds=1))[0].overdue


def test_a_draw_is_overdue_from_the_day_after_its_last_until_it_is_published(desk, clock):
    plan(desk)
    assert overdue_since(desk.draw("d-1"), AFTER) is None  # nothing was committed to
    desk.freeze()
    assert overdue_since(desk.draw("d-1"), LAST) is None
    assert overdue_since(desk.draw("d-1"), AFTER + timedelta(days=9)) == AFTER
    for number, source in ((2, DICE), (4, BEACON)):
        clock.now = START + hours(number)
        desk.enter(source)
    desk.run()
    assert next_steps(desk.draw("d-1"), datetime.fromisoformat("2026-12-12T00:00:00+08:00"))[0].overdue
    clock.now = START + timedelta(days=60)
    desk.publish()
    assert overdue_since(desk.draw("d-1"), AFTER) is None


def test_who_gave_a_draw_up_owes_nothing_of_it(desk, clock):
    plan(desk)
    desk.freeze()
    desk.abandon()
    assert overdue_since(desk.draw("d-1"), AFTER) is None


def test_each_outcome_has_a_limit_of_its_own():
    inspected = {"b": date(2026, 9, 30), "a": date(2026, 9, 30), "c": date(2026, 9, 1)}
    found = outcome_dues(inspected, date(2026, 11, 3), calendar_of, published=False)
    assert [(each.subject_id, each.publish_by.isoformat(), each.overdue) for each in found] == [
        ("c", "2026-09-29", True),
        ("a", "2026-11-03", False),
        ("b", "2026-11-03", False),
    ]
    later = date(2026, 11, 4)
    assert all(each.overdue for each in outcome_dues(inspected, later, calendar_of, published=False))
    assert not any(each.overdue for each in outcome_dues(inspected, later, calendar_of, published=True))


def test_a_limit_that_nobody_can_count_is_told_and_not_guessed():
    with pytest.raises(ProblemError) as refused:
        outcome_dues({"a": date(2026, 12, 20)}, date(2027, 1, 1), calendar_of, published=False)
    assert refused.value.kind.code == "no-calendar"
