"""Entries are written through the log with the door's checks, once, and read when they are there."""

from datetime import UTC, datetime

import pytest

from services.draws.people.listing import Wanted, listed
from services.draws.people.register import Register
from services.draws.people.registrar import Registrar
from shared.eventlog.memory import MemoryLog
from shared.events.kafka_codec import decode
from shared.web.problems import ProblemError
from tests.support.people import Shelved, upserted

NOW = datetime(2026, 11, 1, 1, tzinfo=UTC)
ENTRY = upserted("J-1").data


class World:
    def __init__(self, *events):
        self.shelf, self.log = Shelved(*events), MemoryLog({"registry.v1": 1})
        self.register = Register(self.shelf, 1, wait=lambda _: None)
        self.looks = []
        appender = self.log.appender()
        self.registrar = Registrar(self.register, appender, "registry.v1", lambda: NOW, wait=self.looks.append)

    def put(self, **more):
        return self.registrar.put("J-1", ENTRY | more)

    def written(self):
        return [decode(each.headers, each.value) for (records) in self.log.records.values() for each in records]


def test_an_entry_is_an_event_of_the_registry():
    world = World()
    done = world.put()
    [event] = world.written()
    assert (done.new, done.readable, done.data) == (True, True, ENTRY)
    assert (event.type, event.subject, event.data) == ("cn.chengxin.inspector.upserted.v1", "inspector:J-1", ENTRY)
    assert event.time == "2026-11-01T09:00:00.000+08:00"
    [record] = next(iter(world.log.records.values()))
    assert record.key == b"inspector:J-1"


def test_the_same_content_again_writes_nothing():
    world = World(upserted("J-1"))
    assert world.put().new is False
    assert world.written() == []


def test_what_is_sent_twice_before_it_is_read_has_one_id():
    world = World()
    world.put()
    world.put()
    world.put(status="left")
    first, again, other = world.written()
    assert first.id == again.id != other.id


def test_what_comes_back_to_an_older_content_is_a_new_entry():
    world = World(upserted("J-1", status="left"))
    world.put()
    world.shelf.give(upserted("J-1", at="2026-10-01T10:00:00+08:00", event_id="later"))
    world.shelf.give(upserted("J-1", at="2026-10-02T10:00:00+08:00", event_id="last", status="left"))
    world.put()
    first, again = world.written()
    assert first.id != again.id


def test_it_takes_the_place_of_an_entry_whose_time_is_to_come():
    world = World(upserted("J-1", at="2026-11-02T08:00:00+08:00", status="left"))
    world.put()
    [event] = world.written()
    assert event.time == "2026-11-02T08:00:00.001+08:00"


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"role": "mayor"}, "/role"),
        ({"valid_until": "2026-02-30"}, "/valid_until"),
        ({"recused_from": ["nobody"]}, "/recused_from/0"),
        ({"office": "3"}, "/office"),
    ],
)
def test_the_doors_checks_are_made(wrong, pointer):
    world = World()
    with pytest.raises(ProblemError) as refused:
        world.put(**wrong)
    assert [fault.pointer for fault in refused.value.errors] == [pointer]
    assert world.written() == []


def test_ids_of_subjects_are_written_in_their_normal_form():
    world = World()
    done = world.put(recused_from=["shop:92320902ma1n00026y-01"])
    assert done.data["recused_from"] == ["shop:92320902MA1N00026Y-01"]


def test_a_log_that_is_down_is_told_and_may_be_asked_again():
    world = World()
    world.log.down = True
    with pytest.raises(ProblemError) as refused:
        world.put()
    assert refused.value.kind.status == 503


def test_an_instant_that_has_just_been_is_waited_for_and_another_refused():
    world, waited = World(), []
    world.shelf.until = NOW

    def wait(seconds):
        waited.append(seconds)
        if len(waited) == 3:
            world.shelf.until = NOW.replace(hour=2)

    Register(world.shelf, 1, wait).await_applied(NOW.replace(hour=2))
    assert len(waited) == 3
    with pytest.raises(ProblemError) as refused:
        world.register.await_applied(NOW.replace(hour=3))
    assert refused.value.kind.code == "not-applied-yet"


def test_a_register_that_is_being_filled_says_so():
    world = World()
    world.shelf.until = None
    with pytest.raises(ProblemError) as refused:
        world.register.await_applied(NOW)
    assert refused.value.kind.status == 503


def paged(register, wanted, most):
    """All pages, until there is no next."""
    after, pages = "", []
    while after is not None:
        found, after = listed(register, wanted, after, most)
        pages.append([entry.data["inspector_id"] for entry in found])
    return pages


def test_a_list_gives_everybody_once_a_page_at_a_time():
    register = World(*(upserted(f"J-{number}") for number in range(5))).register
    assert paged(register, Wanted(), 2) == [["J-0", "J-1"], ["J-2", "J-3"], ["J-4"]]


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(department="fire"),
        Wanted(region="320903"),
        Wanted(region="320903000000"),
        Wanted(role="assistant"),
        Wanted(status="left"),
    ],
)
def test_a_list_holds_those_of_whom_all_is_true(wanted):
    other = {"department": "fire", "region": "320903001000", "role": "assistant", "status": "left"}
    register = World(upserted("J-1"), upserted("J-2", **other)).register
    assert paged(register, wanted, 9) == [["J-2"]]


def test_a_page_looks_at_so_many_and_no_more():
    events = [upserted(f"J-{number:04}") for number in range(1001)]
    register = World(*events, upserted("J-9", department="fire")).register
    found, last = listed(register, Wanted(department="fire"), "", 10)
    assert (found, last) == ([], "J-0999")
    assert paged(register, Wanted(department="fire"), 10) == [[], ["J-9"]]
