"""Who is drawn already, as the journal tells it at an instant."""

from datetime import date, timedelta

import pytest

from services.draws.pools.chosen import NOBODY, Chosen, is_outcome
from services.draws.pools.pending import chosen, pending
from tests.support.draws import BEACON, DICE, OTHER, PLANNER, hours

WINDOW = {"from": "2026-11-02", "until": "2026-11-20"}
IN_TIME = date(2026, 11, 20)


@pytest.fixture
def drawn_desk(desk, clock):
    desk.plan(window=WINDOW, publish_by="2026-12-10")
    desk.freeze()
    clock.now += hours(3)
    desk.enter(DICE)
    clock.now += hours(2)
    desk.enter(BEACON, by=OTHER)
    desk.run()
    return desk


def found(desk, known_at, as_of=IN_TIME):
    return pending(desk.reading.draws.by_id, desk.reading.journal.lines, desk.documents.get, as_of, known_at)


def selected(desk):
    return {each["subject_id"] for each in desk.selected()}


def test_whoever_is_selected_is_drawn_from_then_on(drawn_desk, clock):
    assert found(drawn_desk, clock.now) == {each: {"d-1"} for each in selected(drawn_desk)}
    assert found(drawn_desk, clock.now - timedelta(milliseconds=1)) == {}


def test_when_the_window_has_ended_nobody_is_drawn_any_more(drawn_desk, clock):
    assert found(drawn_desk, clock.now, IN_TIME)
    assert found(drawn_desk, clock.now, IN_TIME + timedelta(days=1)) == {}


def test_a_draw_that_is_published_was_under_way_in_its_window(drawn_desk, clock):
    clock.now += timedelta(days=30)
    drawn_desk.publish()
    assert found(drawn_desk, clock.now).keys() == selected(drawn_desk)


def test_a_plan_without_a_window_is_over_when_it_has_to_be_published(desk, clock):
    desk.plan()
    desk.freeze()
    clock.now += hours(3)
    desk.enter(DICE)
    clock.now += hours(2)
    desk.enter(BEACON, by=OTHER)
    desk.run()
    assert found(desk, clock.now, date(2026, 12, 31))
    assert found(desk, clock.now, date(2027, 1, 1)) == {}


def test_who_replaces_somebody_takes_his_place_from_then_on(drawn_desk, clock):
    before = selected(drawn_desk)
    gone = min(before)
    proposal = drawn_desk.propose(gone, cause="closed").sequence
    clock.now += hours(1)
    drawn_desk.confirm(proposal, by=PLANNER)
    assert found(drawn_desk, clock.now - timedelta(milliseconds=1)).keys() == before
    after = found(drawn_desk, clock.now).keys()
    assert gone not in after
    assert len(after - before) == len(before - after) == 1


def test_who_is_replaced_by_nobody_is_still_to_be_inspected(drawn_desk, clock):
    """The reserve is used up: then his panel stands, and he may be called again."""
    while True:
        gone = min(found(drawn_desk, clock.now))
        drawn_desk.confirm(drawn_desk.propose(gone, cause="closed").sequence, by=PLANNER)
        if '"selected":null' in drawn_desk.draw("d-1").records[-1][1]:
            break
    assert gone in found(drawn_desk, clock.now)


def test_an_inspector_who_leaves_changes_nobody(drawn_desk, clock):
    one = drawn_desk.selected()[0]
    proposal = drawn_desk.propose(one["subject_id"], one["inspectors"][0]).sequence
    drawn_desk.confirm(proposal, by=PLANNER)
    assert found(drawn_desk, clock.now).keys() == selected(drawn_desk)


def test_two_draws_under_way_are_told_apart(drawn_desk, clock):
    drawn_desk.plan("d-2", start=clock.now, window=WINDOW, publish_by="2026-12-10")
    drawn_desk.freeze("d-2")
    clock.now += hours(3)
    drawn_desk.enter(DICE, draw_id="d-2")
    clock.now += hours(2)
    drawn_desk.enter(BEACON, by=OTHER, draw_id="d-2")
    drawn_desk.run("d-2")
    by_draw = {draw_id for draw_ids in found(drawn_desk, clock.now).values() for draw_id in draw_ids}
    assert by_draw == {"d-1", "d-2"}


def test_whom_a_draw_has_chosen_is_known_from_its_drawing_on(drawn_desk, clock):
    def by(known_at, draw_id="d-1"):
        draws, journal = drawn_desk.reading.draws.by_id, drawn_desk.reading.journal.lines
        return chosen(draws, journal, drawn_desk.documents.get, known_at)(draw_id)

    assert set(by(clock.now).subjects) == selected(drawn_desk)
    assert by(clock.now - timedelta(milliseconds=1)) == NOBODY
    assert by(clock.now, "d-9") == NOBODY


def test_an_outcome_is_of_whom_that_draw_chose_and_where_it_drew():
    by = {"d-1": Chosen({"shop:1"}, ("320902",))}.get
    said = {"draw_id": "d-1", "region": "320902001001"}
    assert is_outcome(by, "shop:1", said)
    assert not is_outcome(by, "shop:2", said)
    assert not is_outcome(by, "shop:1", said | {"region": "320903001001"})
    assert not is_outcome(by, "shop:1", {"origin": "draw", "region": "320902001001"})
