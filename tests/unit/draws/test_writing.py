"""One at a time: what two clerks do at once, what the log's own clock says, and what becomes of a lost answer."""

import pytest

from services.draws.commands import MakePlan
from shared.eventlog.port import Fenced, LogUnavailable, Message, TopicPartition
from shared.web.problems import ProblemError
from tests.support.draws import BEACON, DICE, START, Clock, Desk, a_plan, hours, verified

AT = TopicPartition("t.draws.v1", 0)


@pytest.fixture
def second(log, clock):
    """Another process."""
    return Desk(log, "t.", clock, wait=lambda _: None)


class Between:
    """A log whose writers do something first, or afterwards, once."""

    def __init__(self, log, first=lambda: None, then=lambda: None):
        self._log, self._first, self._then = log, [first], [then]

    def __getattr__(self, name):
        return getattr(self._log, name)

    def sole_writer(self, name):
        writer = self._log.sole_writer(name)
        inner = writer.write

        def write(messages, then):
            while self._first:
                self._first.pop()()
            places = inner(messages, then)
            while self._then:
                self._then.pop()()
            return places

        writer.write = write
        return writer


def unavailable():
    raise LogUnavailable("lost")


def test_two_clerks_who_press_the_same_button_get_one_draw_and_one_refusal(desk, second):
    desk.plan()
    second.reading.refresh()
    desk.freeze(expected=1)
    with pytest.raises(ProblemError) as refused:
        second.freeze(expected=1)
    assert refused.value.kind.code == "draw-moved-on"
    assert refused.value.body()["sequence"] == 2
    assert [line.step for line in second.reading.journal.lines] == ["planned", "committed"]


def test_who_was_deciding_meanwhile_is_fenced_and_decides_again(log, clock, second):
    slow = Desk(Between(log, first=second.plan), "t.", clock, wait=lambda _: None)
    with pytest.raises(ProblemError) as refused:
        slow.plan()
    assert refused.value.kind.code == "draw-exists"
    assert len(log.records[AT]) == 1


def test_who_was_deciding_on_another_draw_meanwhile_is_not_held_up(log, clock, second):
    slow = Desk(Between(log, first=lambda: second.plan("d-2")), "t.", clock, wait=lambda _: None)
    slow.plan("d-1")
    assert slow.draw("d-1").plan.journal == slow.reading.journal.first != "0" * 64


def test_an_answer_that_was_lost_is_found_on_the_log(log, clock):
    desk = Desk(Between(log, then=unavailable), "t.", clock)
    assert desk.plan().sequence == 1
    assert len(log.records[AT]) == 1


def test_an_answer_that_was_lost_is_found_although_the_draw_went_on(log, clock, second):
    def gone_on():
        second.freeze()
        unavailable()

    desk = Desk(Between(log, then=gone_on), "t.", clock)
    assert desk.plan().phase == "committed"
    assert len(log.records[AT]) == 2


def test_what_was_not_written_is_written_by_the_second_attempt(log, clock):
    desk = Desk(Between(log, first=unavailable), "t.", clock)
    desk.plan()
    assert len(log.records[AT]) == 1


def test_while_the_log_is_down_nothing_is_accepted(log, desk):
    log.down = True
    with pytest.raises(LogUnavailable):
        desk.plan()
    log.down = False
    desk.plan()
    assert len(log.records[AT]) == 1


def test_who_is_always_fenced_gives_up(log, clock):
    attempts = []

    class Busy:
        def __getattr__(self, name):
            return getattr(log, name)

        def sole_writer(self, name):
            writer = log.sole_writer(name)
            log.sole_writer(name)
            return writer

    desk = Desk(Busy(), "t.", clock, wait=attempts.append)
    with pytest.raises(Fenced):
        desk.plan()
    assert attempts == list(range(len(attempts)))
    assert log.records[AT] == []


def test_a_freeze_that_is_too_late_by_the_logs_clock_is_none(log, clock):
    """Ours is five hours slow: the commitment's instant would be later than the dice."""
    desk = Desk(log, "t.", Clock(START - hours(5)))
    desk.plan()
    clock.now = START + hours(3)
    with pytest.raises(ProblemError) as refused:
        desk.freeze()
    assert refused.value.kind.code == "seed-source-past"
    assert [line.step for line in desk.reading.journal.lines] == ["planned"]


def test_a_value_that_is_too_early_by_the_logs_clock_is_none(log, clock):
    desk = Desk(log, "t.", Clock(START + hours(2)))
    clock.now = START + hours(1)
    desk.plan(start=START + hours(1))
    desk.freeze()
    desk.writer._clock.now = START + hours(3)
    with pytest.raises(ProblemError) as refused:
        desk.enter(DICE)
    assert refused.value.kind.code == "seed-too-early"
    assert desk.draw("d-1").values == {}


def test_the_journal_never_falls_back_when_the_logs_clock_does(log, clock):
    desk = Desk(log, "t.", clock)
    desk.plan()
    clock.now = START - hours(1)
    desk.freeze()
    clock.now = START + hours(2)
    desk.enter(DICE)
    clock.now = START + hours(4)
    desk.enter(BEACON)
    clock.now = START
    desk.run()
    assert desk.draw("d-1").committed.at == "2026-11-01T09:00:00.000+08:00"
    assert desk.reading.journal.lines[-1].at == "2026-11-01T13:00:00.000+08:00"
    verified(desk)


def test_another_process_reads_the_same_journal(desk, second, clock):
    desk.plan()
    desk.freeze()
    second.reading.refresh()
    desk.reading.refresh()
    assert second.reading.journal.content == desk.reading.journal.content
    assert second.reading.refresh() == desk.reading.refresh()


def test_what_is_not_readable_in_time_is_said_to_be_so(log, clock, monkeypatch):
    desk = Desk(log, "t.", clock)
    monkeypatch.setattr("services.draws.writing._READABLE_SECONDS", 0.0)
    monkeypatch.setattr(desk.reading._follower, "news", lambda: iter(()))
    assert not desk.office.execute(MakePlan(draw_id="d-1", by="key:x", plan=a_plan(), public_source=BEACON)).readable


def test_what_is_no_step_is_passed_over(log, desk):
    desk.plan()
    [record] = log.records[AT]
    log.appender().append(
        [Message(AT.topic, b"k", b"{}", (), 0), Message(AT.topic, record.key, record.value, record.headers)]
    )
    desk.freeze()
    assert desk.draw("d-1").sequence == 2
    assert [line.step for line in desk.reading.journal.lines] == ["planned", "committed"]
