"""Assignments by pages: everybody's seat once, bounded work, and what came of it."""

import json
from datetime import date
from itertools import chain, count

import pytest

from services.draws.commands import MakePlan
from services.draws.outcomes import Outcomes
from services.draws.people.addresses import Address
from services.draws.people.assembling import People
from services.draws.people.assignments import Assignments
from services.draws.people.register import Register
from shared.web.problems import ProblemError
from tests.support.draws import BEACON, DICE, LISTS, PLANNER, START, a_plan, a_pool, hours
from tests.support.people import Shelved, completed, upserted, withdrawn

OFFICERS = [f"J-{number}" for number in range(6)]


class Ward:
    """A desk whose rosters are made of codes."""

    def __init__(self, desk, clock):
        self.desk, self.clock = desk, clock
        self.shelf = Shelved(*(upserted(each) for each in OFFICERS))
        self.register = Register(self.shelf, 1)
        salts = count()
        self.people = People(self.register, desk.documents, lambda: f"{next(salts):064x}")
        self.assignments = Assignments(desk.reading.refresh, desk.documents, self.register, self.addresses)
        self.gets = []
        self.known = {}
        get = desk.documents.get
        desk.documents.get = lambda sha256: self.gets.append(sha256) or get(sha256)

    def addresses(self, subjects):
        return {each: self.known[each] for each in subjects if each in self.known}

    def drawn(self, draw_id="d-1"):
        """A draw with a result, of codes."""
        start = self.clock.now
        coded = self.people.code(start, keep=True)
        window = {"from": "2026-11-09", "until": "2026-11-20"}
        more = {
            "window": window,
            "publish_by": "2026-12-01",
            "roster": {"regions": ["3209"]},
            "partners": [],
            "items": [],
            "known_at": start.isoformat(),
            "panel": [{"department": "*", "count": 2}],
            "inspector_codes": coded.inspector_codes,
        }
        plan = a_plan(start, **more)
        self.desk.office.execute(
            MakePlan(draw_id=draw_id, by=PLANNER, plan=plan, public_source=BEACON, codes_sha256=coded.codes_sha256)
        )
        found = self.people.assemble(self.desk.draw(draw_id), a_pool(LISTS["pool.tsv"]), {})
        self.desk.freeze(draw_id, lists={**LISTS, "roster.tsv": found.roster, "recusals.tsv": found.recusals})
        for source, after in ((DICE, 3), (BEACON, 2)):
            self.clock.now += hours(after)
            self.desk.enter(source, draw_id=draw_id)
        return self.desk.run(draw_id)

    def pages(self, most, **asked):
        after, pages = "", []
        while after is not None:
            page = self.assignments.page(asked.get("draw_id"), asked.get("inspector_id"), after, most)
            after = page.last
            pages.append([(each.draw.draw_id, each.seat.subject_id, each.inspector_id) for each in page.rows])
        return pages

    def selected(self, draw_id="d-1"):
        codes = self.people.codes(self.desk.draw(draw_id))
        return [
            (draw_id, each["subject_id"], codes.id_of(code))
            for each in self.desk.selected(draw_id)
            for code in each["inspectors"]
        ]


def flat(pages):
    return list(chain.from_iterable(pages))


@pytest.fixture
def ward(desk, clock):
    return Ward(desk, clock)


def test_pages_hold_every_seat_of_every_draw_once_by_the_inspectors_ids(ward):
    for draw_id in ("d-2", "d-1"):
        ward.drawn(draw_id)
    seats = ward.selected("d-1") + ward.selected("d-2")
    assert {inspector for *_, inspector in seats} <= set(OFFICERS)
    for most in (1, 3, 100):
        assert flat(ward.pages(most)) == seats
    assert [len(page) for page in ward.pages(3)] == [3, 3, 3, 3, 3, 1]


def test_a_list_is_of_a_draw_or_of_an_inspector_where_that_is_asked(ward):
    for draw_id in ("d-1", "d-2"):
        ward.drawn(draw_id)
    assert flat(ward.pages(3, draw_id="d-2")) == ward.selected("d-2")
    mine = [each for each in ward.selected("d-1") + ward.selected("d-2") if each[2] == "J-3"]
    assert flat(ward.pages(1, inspector_id="J-3")) == mine
    assert ward.pages(3, inspector_id="J-9") == [[]]
    assert ward.pages(3, draw_id="d-9") == [[]]


def test_a_page_reads_no_document_that_was_read(ward):
    ward.drawn()
    ward.pages(1)
    ward.gets.clear()
    ward.pages(1)
    assert ward.gets == []


def test_a_replacement_is_seen_at_once(ward):
    ward.drawn()
    [(_, subject, _), *_] = ward.selected()
    ward.pages(100)
    ward.desk.propose(subject, cause="已注销")
    ward.desk.confirm(ward.desk.now("d-1"))
    rows = ward.assignments.page("d-1", None, "", 100).rows
    assert {each.seat.stands for each in rows if each.seat.subject_id == subject} == {False}
    assert sum(each.seat.stands for each in rows) == 8
    assert len(rows) == 10


def test_name_and_address_stand_with_whom_is_to_be_inspected_where_they_are_known(ward):
    ward.drawn()
    _, subject_id, inspector_id = ward.selected()[0]
    ward.known[subject_id] = Address("李记土菜馆", "解放南路1号")
    rows = ward.assignments.page(None, None, "", 100).rows
    assert {each.address for each in rows if each.seat.subject_id == subject_id} == {ward.known[subject_id]}
    assert {each.address for each in rows if each.seat.subject_id != subject_id} == {None}
    found = ward.assignments.all_of(inspector_id, None, date(2026, 11, 1), 100)
    assert [each.address for each in found if each.seat.subject_id == subject_id] == [ward.known[subject_id]]


def test_who_leaves_a_panel_is_named_by_id_or_by_code(ward):
    draw = ward.drawn()
    codes = ward.people.codes(draw)
    _, subject_id, inspector_id = ward.selected()[0]
    for said in (inspector_id, codes.by_id[inspector_id]):
        ward.desk.propose(subject_id, ward.assignments.code_of("d-1", said))
    for draw_id, said in (("d-1", "nobody"), ("d-9", inspector_id)):
        assert ward.assignments.code_of(draw_id, said) == said


def test_what_came_of_an_inspection_stands_with_it_until_it_is_withdrawn(ward):
    draw = ward.drawn()
    subject = ward.selected()[0][1]
    assert ward.assignments.outcomes_in(draw) == Outcomes(4, 0)
    ward.shelf.give(completed("i-1", subject, result="03"), completed("i-2", "shop:of-no-draw"))
    results = [each.outcome and each.outcome.result for each in ward.assignments.page("d-1", None, "", 3).rows]
    assert results == ["03", "03", None]
    assert ward.assignments.outcomes_in(draw) == Outcomes(4, 1)
    ward.shelf.give(withdrawn("i-1", subject))
    assert ward.assignments.outcomes_in(draw) == Outcomes(4, 0)


def test_an_outcome_of_a_replaced_subject_does_not_count(ward):
    ward.drawn()
    subject = ward.selected()[0][1]
    ward.shelf.give(completed("i-1", subject))
    ward.desk.propose(subject, cause="已注销")
    draw = ward.desk.confirm(ward.desk.now("d-1"))
    assert ward.assignments.outcomes_in(draw) == Outcomes(4, 0)


def test_a_page_looks_at_so_many_draws_and_no_more(ward):
    for number in range(21):
        ward.drawn(f"d-{number:02}")
    pages = ward.pages(10, inspector_id="J-9")
    assert pages == [[], []]


def test_a_calendar_holds_what_is_not_long_over_and_is_bounded(ward):
    ward.drawn()
    who = ward.selected()[0][2]
    mine = sum(each[2] == who for each in ward.selected())
    day = START.date().replace(day=20)
    assert len(ward.assignments.all_of(who, None, day, 100)) == mine
    assert ward.assignments.all_of(who, None, day.replace(day=21), 100) == []
    assert ward.assignments.all_of(who, "d-1", day, mine - 1) is None


def test_those_who_served_are_opened_with_the_plan_s_own_codes(ward):
    draw = ward.drawn()
    opened = ward.people.codes(draw).open(ward.assignments.served(draw))
    assert {each.id for each in opened} == {inspector for *_, inspector in ward.selected()}


def test_result_and_lists_have_codes_and_no_id(ward):
    draw = ward.drawn()
    files = ward.desk.office.bundle("d-1")
    assert not [name for name, content in files.items() if b"J-" in content]
    assert json.loads(files["plan.json"])["inspector_codes"] == ward.people.codes(draw).sha256


def test_a_draw_without_codes_is_not_assembled(desk, ward):
    desk.plan("d-1", known_at=START.isoformat())
    with pytest.raises(ProblemError) as refused:
        ward.people.assemble(desk.draw("d-1"), a_pool(LISTS["pool.tsv"]), {})
    assert refused.value.kind.code == "codes-missing"


def test_codes_of_a_plan_that_is_only_judged_are_not_written(ward):
    before = ward.desk.documents._places.of(ward.people.code(START, keep=False).codes_sha256)
    assert not before
