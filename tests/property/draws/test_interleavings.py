"""Whatever several people do in whatever order: one result per draw, a journal that holds, and proofs that verify."""

import contextlib
from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.draw.journal import parse_journal
from shared.draw.journal_checks import disorder
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import LogUnavailable
from shared.web.problems import ProblemError
from tests.support.draws import BEACON, CLERK, DICE, OTHER, PLANNER, Clock, Desk, verified
from tests.support.verifier import refused_by

PEOPLE = (PLANNER, CLERK, OTHER)
DRAWS = ("d-1", "d-2", "d-3")
STEPS = ("freeze", "run", "publish", "abandon", "witness")

people, draws, desks = st.sampled_from(PEOPLE), st.sampled_from(DRAWS), st.integers(0, 1)
seen = st.sampled_from(("now", "now", "now", "before"))
acts = st.one_of(
    st.tuples(st.just("plan"), desks, draws, people, st.sampled_from((None, None, *DRAWS))),
    st.tuples(st.sampled_from(STEPS), desks, draws, people, seen),
    st.tuples(st.just("enter"), desks, draws, people, seen, st.sampled_from((DICE, BEACON)), st.sampled_from("12")),
    st.tuples(st.just("propose"), desks, draws, people, seen, st.integers(0, 4), st.integers(0, 2)),
    st.tuples(st.just("confirm"), desks, draws, people, seen, st.integers(1, 3)),
    st.tuples(st.just("wait"), st.sampled_from((1, 60, 60, 120))),
    st.tuples(st.just("fail"), st.sampled_from(("before", "after"))),
)
# Mostly in a likely order: of acts that are random alone, hardly any draw would ever be drawn.
course = [
    [("plan", 0, "d-1", PLANNER, None), ("freeze", 0, "d-1", PLANNER, "now"), ("wait", 120)],
    [("enter", 1, "d-1", CLERK, "now", DICE, "1"), ("wait", 120), ("enter", 1, "d-1", CLERK, "now", BEACON, "2")],
    [("run", 0, "d-1", CLERK, "now"), ("run", 1, "d-1", OTHER, "before")],
    [("propose", 1, "d-1", CLERK, "now", 0, 0), ("confirm", 0, "d-1", OTHER, "now", 1)],
    [("propose", 0, "d-1", PLANNER, "now", 1, 2), ("publish", 0, "d-1", PLANNER, "now")],
    [("confirm", 1, "d-1", OTHER, "now", 1)],
]


@st.composite
def mixed(draw):
    """Some acts of the likely course, others between them."""
    found = []
    for part in course:
        for act in part:
            found += draw(st.lists(acts, max_size=2))
            if draw(st.integers(0, 9)):
                found.append(act)
    return found + draw(st.lists(acts, max_size=8))


class Failing:
    """A log whose answers are lost where a transaction is to begin, or when it has ended."""

    def __init__(self, log):
        self._log, self.next = log, None

    def __getattr__(self, name):
        return getattr(self._log, name)

    def sole_writer(self, name):
        writer = self._log.sole_writer(name)
        inner = writer.write

        def write(messages, then):
            how, self.next = self.next, None
            if how == "before":
                raise LogUnavailable("lost")
            places = inner(messages, then)
            if how == "after":
                raise LogUnavailable("lost")
            return places

        writer.write = write
        return writer


def someone(office, draw, place, seat):
    """Of those drawn, or one who perhaps is not; an inspector of the panel, or the subject itself."""
    selected = office.selected(draw.draw_id) if draw and draw.result_sha256 else []
    if place >= len(selected):
        return "shop:00", None
    return selected[place]["subject_id"], [*selected[place]["inspectors"], None][seat]


class World:
    def __init__(self):
        self.clock = Clock()
        self.log = Failing(MemoryLog({"t.draws.v1": 1, "t.documents.v1": 1}, clock=self.clock.milliseconds))
        self.desks = [Desk(self.log, "t.", self.clock, wait=lambda _: None) for _ in range(2)]

    def act(self, name, *given):
        if name == "wait":
            self.clock.now += timedelta(minutes=given[0])
        elif name == "fail":
            self.log.next = given[0]
        else:
            with contextlib.suppress(ProblemError, LogUnavailable):
                self._command(name, *given)

    def _command(self, name, desk, draw_id, by, seen, *more):
        office = self.desks[desk]
        if name == "plan":
            replaces = seen and {"draw_id": seen, "cause": "x"}
            office.plan(draw_id, by, replaces=replaces, start=self.clock.now)
            return
        there = office.reading.refresh().by_id.get(draw_id)
        expected = (there.sequence if there else 1) - (seen == "before")
        if name == "enter":
            value = f"{more[1]}-{more[1]}" if more[0] == DICE else more[1] * 8
            office.enter(more[0], value, draw_id, by, expected)
        elif name == "propose":
            subject, inspector = someone(office, there, *more)
            office.propose(subject, inspector, "illness", draw_id, by, expected)
        elif name == "confirm":
            proposals = list(there.proposals) if there else []
            office.confirm(proposals[-more[0]] if more[0] <= len(proposals) else 1, draw_id, by, expected)
        else:
            getattr(office, name)(draw_id, by, expected)


@settings(max_examples=200, deadline=None)
@given(mixed())
def test_one_result_a_valid_journal_and_proofs_that_verify(steps):
    world = World()
    for step in steps:
        world.act(*step)
    fresh = Desk(world.log, "t.", world.clock)
    found = fresh.reading.refresh()
    journal = fresh.reading.journal
    for desk in world.desks:
        assert desk.reading.refresh() == found
        assert desk.reading.journal.content == journal.content
    lines = parse_journal(journal.content) if journal.lines else []
    assert lines == journal.lines
    counted = Counter((line.draw_id, line.step) for line in lines if line.step != "replaced")
    assert all(number == 1 for number in counted.values())
    for draw_id, draw in found.by_id.items():
        assert list(disorder([line for line in lines if line.draw_id == draw_id])) == []
        if draw.result_sha256:
            verified(fresh, draw_id)
            assert refused_by(fresh.office.bundle(draw_id), journal.content, journal.head) is None
    replaced = Counter(draw.replaces for draw in found.by_id.values() if draw.replaces and draw.committed)
    assert all(number == 1 for number in replaced.values())


def test_the_likely_course_alone_comes_to_its_end():
    world = World()
    for part in course:
        for step in part:
            world.act(*step)
    [draw] = Desk(world.log, "t.", world.clock).reading.refresh().by_id.values()
    assert draw.phase == "published"
