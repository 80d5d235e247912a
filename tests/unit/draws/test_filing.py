"""Partner departments: by when they confirm, and who is late."""

from datetime import date

import pytest

from services.draws.filing import partners, partners_of
from shared.registry.working_days import calendar_of
from shared.web.problems import ProblemError
from tests.support.draws import hours

PARTNERS = [{"department": "fire", "confirm_by": "2026-11-03"}]


def test_a_partner_confirms_within_two_working_days():
    friday = date(2026, 11, 6)
    assert partners_of(["fire", "tax", "fire"], friday, calendar_of) == [
        {"department": "fire", "confirm_by": "2026-11-10"},
        {"department": "tax", "confirm_by": "2026-11-10"},
    ]
    with pytest.raises(ProblemError) as refused:
        partners_of(["fire"], date(2099, 12, 31), calendar_of)
    assert refused.value.kind.code == "no-calendar"


def test_no_calendar_is_asked_for_without_partners():
    assert partners_of([], date(2099, 12, 31), calendar_of) == []


@pytest.mark.parametrize(("today", "late"), [(date(2026, 11, 3), False), (date(2026, 11, 4), True)])
def test_a_partner_that_has_not_confirmed_is_overdue_after_its_day(desk, today, late):
    [found] = partners(desk.plan(partners=PARTNERS), today)
    assert (found.confirmation, found.late) == (None, late)


@pytest.mark.parametrize(("after", "late"), [(48, False), (72, True)])
def test_a_late_confirmation_is_taken_and_stays_marked(desk, clock, after, late):
    start = clock.now + hours(96)
    desk.plan(partners=PARTNERS, start=start)
    clock.now += hours(after)
    [found] = partners(desk.confirm_department("fire"), date(2027, 1, 1))
    assert (found.confirmation.inspectors, found.late) == (("J-1",), late)
