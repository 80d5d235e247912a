"""Draws on a real Kafka: clerks of several processes at once, and processes that are killed at every point."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

from shared.web.problems import ProblemError
from tests.support.draws import BEACON, LISTS, verified
from tests.support.dying import Dying, Killed
from tests.support.verifier import refused_by

SECONDS = 120


def outcome(act):
    try:
        return act().sequence
    except ProblemError as refused:
        return refused.kind.code


def beacon(seconds):
    """A public source so many seconds from now, and no other: so nothing has to be entered before it."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return [{"name": BEACON, "not_before": at.isoformat(), "pattern": "[0-9a-f]{8}"}]


def when_it_is_time(act):
    """Act again until the log's own clock has come to the event."""
    deadline = time.monotonic() + SECONDS
    while (done := outcome(act)) == "seed-too-early":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return done


def test_of_two_clerks_who_press_the_same_button_one_is_told(open_desk):
    one, other = open_desk(), open_desk()
    one.plan(seed_sources=beacon(3600))
    with ThreadPoolExecutor(2) as threads:
        pressed = [threads.submit(outcome, lambda desk=desk: desk.freeze(expected=1)) for desk in (one, other)]
    assert sorted(map(str, (each.result() for each in pressed))) == ["2", "draw-moved-on"]
    assert other.draw("d-1").phase == "committed"
    assert [line.step for line in other.reading.journal.lines] == ["planned", "committed"]


def test_who_works_on_other_draws_is_not_held_up(open_desk):
    desks = [open_desk() for _ in range(2)]
    sources = beacon(3600)

    def many(number):
        for each in range(4):
            draw_id = f"d-{number}-{each}"
            desks[number].plan(draw_id, seed_sources=sources)
            desks[number].freeze(draw_id)

    with ThreadPoolExecutor(2) as threads:
        for each in [threads.submit(many, number) for number in range(2)]:
            each.result()
    assert {draw.phase for draw in desks[0].reading.refresh().by_id.values()} == {"committed"}
    assert len(desks[0].reading.journal.lines) == 16
    assert {draw.plan.journal for draw in desks[0].reading.draws.by_id.values()} == {
        "0" * 64,
        desks[0].reading.journal.first,
    }


BEFORE = [
    ("planned", lambda desk, id_: outcome(lambda: desk.plan(id_, seed_sources=beacon(3600)))),
    ("committed", lambda desk, id_: outcome(lambda: desk.freeze(id_, expected=1))),
]
AFTER = [
    ("seeded", lambda desk, id_: when_it_is_time(lambda: desk.enter(BEACON, draw_id=id_, expected=2))),
    ("drawn", lambda desk, id_: outcome(lambda: desk.run(id_, expected=4))),
    ("proposed", lambda desk, id_: outcome(lambda: desk.propose(first(desk, id_), draw_id=id_, expected=5))),
    ("replaced", lambda desk, id_: outcome(lambda: desk.confirm(6, id_, expected=6))),
    ("published", lambda desk, id_: outcome(lambda: desk.publish(id_, expected=7))),
]


def first(desk, draw_id):
    return desk.selected(draw_id)[0]["subject_id"]


def frozen_in_time(desk):
    """A draw whose beacon is to come, as soon as this machine can freeze before it."""
    for seconds in (3, 15, 60):
        desk.plan(f"d-{seconds}", seed_sources=beacon(seconds))
        if outcome(lambda: desk.freeze(f"d-{seconds}")) == 2:  # noqa: B023 - called at once
            return f"d-{seconds}"
    raise AssertionError("too slow")


def killed_at_every_point(open_desk, act, draw_id):
    """One process after the other dies, each at a later point, until one does not: how many died, what it was told.

    Who died right after the transaction has done it: the successor is told that the draw has moved on.
    """
    deaths = set()
    while len(deaths) < 20:
        with suppress(Killed):
            told = act(open_desk(partial(Dying, deaths=deaths)), draw_id)
            return len(deaths), told
    raise AssertionError("somebody dies for ever")


def test_a_draw_that_is_killed_at_every_point_until_its_freeze_is_frozen_once(open_desk):
    killed = {name: killed_at_every_point(open_desk, act, "d-1") for name, act in BEFORE}
    assert killed == {"planned": (3, "draw-exists"), "committed": (3 + len(LISTS), "draw-moved-on")}
    desk = open_desk()
    sha256s = desk.draw("d-1").committed.sha256s
    assert {name: desk.documents.get(sha256) for name, sha256 in sha256s.items()} == LISTS
    assert [line.step for line in desk.reading.journal.lines] == ["planned", "committed"]


def test_a_draw_that_is_killed_at_every_point_after_its_freeze_has_one_result_that_verifies(open_desk):
    draw_id = frozen_in_time(open_desk())
    killed = {name: killed_at_every_point(open_desk, act, draw_id) for name, act in AFTER}
    moved_on = "draw-moved-on"
    assert killed == {
        "seeded": (3, moved_on),
        "drawn": (3 + 1, moved_on),
        "proposed": (3, moved_on),
        "replaced": (3, moved_on),
        "published": (3, moved_on),
    }
    desk = open_desk()
    draw = desk.draw(draw_id)
    assert (draw.phase, draw.sequence) == ("published", 8)
    assert [line.step for line in desk.reading.journal.lines if line.draw_id == draw_id] == [
        *("planned", "committed", "seeded", "drawn", "replaced", "published"),
    ]
    verified(desk, draw_id)
    assert refused_by(desk.office.bundle(draw_id), desk.reading.journal.content, desk.reading.journal.head) is None
