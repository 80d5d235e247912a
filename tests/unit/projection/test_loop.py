"""The shared loop, on the log in memory, with a projection that only notes what it was given."""

from threading import Event, Thread

import pytest

from shared.eventlog.dead_letters import dead_letter
from shared.eventlog.memory import MemoryLog
from shared.eventlog.memory_writer import MemoryTransactor
from shared.eventlog.port import BeyondEnd, LogUnavailable, Message, TopicPartition
from shared.projection.loop import Loop, Pace
from shared.projection.port import Waiting
from shared.telemetry.metrics import REGISTRY
from tests.support.stopping import stop_soon

AT = TopicPartition("t", 0)
PACE = Pace(poll=0.01, commit_every=0.02, back_off=0.01, back_off_most=0.02)
SECONDS = 10


class Noted:
    """Effects live in `done`; `durable` is the position up to which they are there, None where that is not kept."""

    topics, group = ("t",), "g"

    def __init__(self, durable=None):
        self.durable = durable
        self.done, self.told, self.settled_times = [], [], 0
        self.down = False
        self.stopped = frozenset()
        self.chores = 0
        self.changed = Event()

    def start(self, subscription, partitions, committed):
        self.check()
        return {} if self.durable is None else dict.fromkeys(partitions, self.durable)

    def apply(self, records, committed):
        self.check()
        self.stopped |= {record.at for record in records if record.value == b"stop"}
        self.done += [(record.offset, record.value) for record in records]
        self.changed.set()
        return [Message("letters", None, r.value) for r in records if r.value == b"bad"]

    def held(self):
        return self.stopped

    def background(self):
        self.chores = max(0, self.chores - 1)
        return self.chores > 0

    def settle(self, subscription, positions):
        self.check()
        if self.durable is not None:
            self.durable = max(self.durable, *positions.values())
        told, self.told = self.told, []
        return told

    def settled(self):
        self.settled_times += 1
        self.changed.set()

    def check(self):
        if self.down:
            raise Waiting("down")


@pytest.fixture
def log():
    return MemoryLog({"t": 1, "letters": 1})


def fill(log, *values):
    log.appender().append([Message("t", b"k", value) for value in values])


def run(log, projection, until, **more):
    """Run a loop until a condition holds, then stop it as SIGTERM would."""
    stop = Event()
    loop = Loop(log, projection, member="m", pace=PACE, **more)
    thread = Thread(target=loop.run, args=(stop,))
    thread.start()
    try:
        wait(projection, until)
    finally:
        stop.set()
        thread.join(SECONDS)
    assert not thread.is_alive()


def wait(projection, until):
    for _ in range(SECONDS * 100):
        if until():
            return
        projection.changed.wait(0.01)
        projection.changed.clear()
    raise AssertionError("the condition never held")


def committed(log):
    subscription = log.subscribe(["t"], group="g", member="other", assigned=lambda _: {}, revoked=lambda _: None)
    try:
        return subscription.committed([AT]).get(AT)
    finally:
        subscription.close()


def values(log, topic):
    return [record.value for record in log.records[TopicPartition(topic, 0)]]


def test_records_are_applied_and_committed(log):
    fill(log, b"a", b"b")
    noted = Noted()
    run(log, noted, lambda: len(noted.done) == 2)
    assert noted.done == [(0, b"a"), (1, b"b")]
    assert committed(log) == 2


def test_what_a_killed_predecessor_left_open_is_ended_before_anything_is_to_be_sent(log, monkeypatch):
    noted, begun = Noted(), []
    monkeypatch.setattr(MemoryTransactor, "begin", lambda _: begun.append(list(noted.done)))
    fill(log, b"a")
    run(log, noted, lambda: noted.done)
    assert begun == [[]]


def test_a_log_that_cannot_end_what_was_left_open_is_joined_again(log, monkeypatch):
    answers = iter([LogUnavailable("no coordinator"), None])

    def begin(_):
        if answer := next(answers):
            raise answer

    monkeypatch.setattr(MemoryTransactor, "begin", begin)
    fill(log, b"a")
    run(log, noted := Noted(), lambda: noted.done)
    assert noted.done == [(0, b"a")]


def test_a_stopped_loop_makes_durable_what_it_has_in_hand(log):
    fill(log, b"a")
    noted = Noted(durable=0)
    run(log, noted, lambda: noted.done)
    assert noted.durable == committed(log) == 1


def test_it_goes_on_where_the_group_has_committed(log):
    fill(log, b"a")
    run(log, first := Noted(), lambda: first.done)
    fill(log, b"b")
    run(log, second := Noted(), lambda: second.done)
    assert second.done == [(1, b"b")]


def test_it_goes_back_to_what_is_durable_where_that_is_less(log):
    fill(log, b"a", b"b", b"c")
    run(log, first := Noted(), lambda: len(first.done) == 3)
    second = Noted(durable=1)
    run(log, second, lambda: len(second.done) == 2)
    assert second.done == [(1, b"b"), (2, b"c")]


def test_it_never_begins_behind_what_the_group_has_committed(log):
    fill(log, b"a", b"b")
    noted = Noted(durable=2)
    run(log, noted, lambda: len(noted.done) == 2)
    assert noted.done[0] == (0, b"a")


def test_letters_go_out_with_their_positions(log):
    fill(log, b"good", b"bad")
    noted = Noted()
    run(log, noted, lambda: noted.done and noted.settled_times)
    assert values(log, "letters") == [b"bad"]
    assert committed(log) == 2


def test_a_dependency_that_is_down_is_waited_for_and_nothing_is_lost(log):
    fill(log, b"a", b"bad")
    noted = Noted()
    noted.down = True
    Thread(target=lambda: (Event().wait(0.1), setattr(noted, "down", False))).start()
    run(log, noted, lambda: len(noted.done) >= 2 and committed(log) == 2)
    assert noted.done[-2:] == [(0, b"a"), (1, b"bad")]
    assert values(log, "letters") == [b"bad"]


def test_a_log_that_is_down_is_waited_for(log):
    noted = Noted()
    fill(log, b"a")
    log.down = True
    Thread(target=lambda: (Event().wait(0.1), setattr(log, "down", False))).start()
    run(log, noted, lambda: noted.done and noted.settled_times)
    assert noted.done == [(0, b"a")]


def test_what_must_go_out_goes_out_without_new_records(log):
    noted = Noted()
    noted.told = [Message("letters", None, b"told")]
    run(log, noted, lambda: noted.settled_times)
    assert values(log, "letters") == [b"told"]


def test_a_held_partition_is_read_no_further_until_it_is_let_go(log):
    noted = Noted()
    fill(log, b"stop")

    def release():
        wait(noted, lambda: noted.settled_times)
        fill(log, b"after")
        Event().wait(0.1)
        noted.seen = list(noted.done)
        noted.stopped = frozenset()

    Thread(target=release).start()
    run(log, noted, lambda: len(noted.done) == 2)
    assert noted.seen == [(0, b"stop")]
    assert noted.done[1] == (1, b"after")


def test_what_was_held_is_held_by_the_next_owner_too(log):
    fill(log, b"a")
    noted = Noted()
    noted.stopped = frozenset({AT})
    run(log, noted, lambda: noted.settled_times)
    assert noted.done == []


def test_chores_are_done_between_batches(log):
    noted = Noted()
    noted.chores = 50
    fill(log, b"a")
    run(log, noted, lambda: noted.chores == 0 and noted.done)


def test_what_is_waited_for_is_noted_and_that_the_work_goes_on(log):
    notes, noted = [], Noted()
    noted.down = True
    fill(log, b"a")

    def until():
        noted.down = not notes
        return notes and notes[-1] == ""

    run(log, noted, until, note=notes.append)
    assert notes[0] == "down"
    assert set(notes) == {"down", ""}


def test_a_log_that_cannot_be_joined_is_noted(log):
    notes = []
    log.down = True
    Thread(target=lambda: (wait(Noted(), lambda: notes), setattr(log, "down", False))).start()
    run(log, Noted(), lambda: notes[-1:] == [""], note=notes.append)
    assert notes[0] == "the log is down"


def test_a_position_that_the_log_does_not_reach_is_noted_before_the_loop_stops(log):
    class Beyond(Noted):
        def start(self, subscription, partitions, committed):
            raise BeyondEnd(AT, 5, 0)

    notes = []
    with pytest.raises(BeyondEnd):
        Loop(log, Beyond(), member="m", pace=PACE, note=notes.append).run(stop_soon())
    assert notes == ["position 5 of t-0 is beyond the log's end 0"]


class Refusing(Noted):
    """Refuses everything; beside each letter goes a message that is none."""

    def apply(self, records, committed):
        super().apply(records, committed)
        letters = [dead_letter(record, self.group, "schema", "why") for record in records]
        return [each for letter in letters for each in (letter, Message("letters", None, b"event"))]


def written():
    return REGISTRY.get_sample_value("chengxin_dead_letters_written_total", {"topic": "t", "reason": "schema"}) or 0


def test_letters_are_counted_when_they_have_gone_out(log):
    log.create("t.g.dlq", 1)
    before, projection = written(), Refusing()
    fill(log, b"a", b"b")
    run(log, projection, lambda: len(log.records[TopicPartition("t.g.dlq", 0)]) == 2 and projection.settled_times > 1)
    assert written() == before + 2


class Stuck(Refusing):
    """Never gets what it has done out."""

    tried = 0

    def settle(self, subscription, positions):
        self.tried += 1
        raise Waiting("down")


def test_letters_that_did_not_go_out_are_not_counted(log):
    before, projection = written(), Stuck()
    fill(log, b"a")
    run(log, projection, lambda: projection.done and projection.tried > 2)
    assert written() == before
