"""The desk of dead letters on a log in memory."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.desk import acting
from shared.desk.acting import Desk
from shared.desk.letters import Wish
from shared.desk.reading import boxes, read
from shared.eventlog.dead_letters import attempts_before, dead_letter, parse
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import Fenced, LogUnavailable, Message, TopicPartition
from shared.eventlog.topics import wanted
from shared.events.catalogue import catalogue
from shared.events.kafka_codec import decode

PREFIX, AUDIT = "t.", TopicPartition("t.audit.v1", 0)
TOPIC, INBOX = "t.enforcement.v1", "t.in.yandu"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
HEADERS = (("ce_source", b"urn:s"), ("ce_id", b"e-1"), ("ce_type", b"x"), ("ce_subject", "张三".encode()))


class Worker:
    """A group that refuses what holds `bad` and commits with its letters."""

    def __init__(self, log, group="scoring", topic=TOPIC):
        self.log, self.group, self.letters = log, group, log.transactor("t")
        self.owner = log.subscribe([topic], group=group, member="1", assigned=lambda _: {}, revoked=lambda _: None)

    def work(self, bad=b"bad", reason="schema"):
        records = self.owner.poll(timeout=0.01, most=10_000)
        refused = [dead_letter(each, self.group, reason, "why") for each in records if bad in each.value]
        positions = {at: self.owner.position(at) for at in self.owner.owned()}
        self.letters.transact(refused, positions, self.owner)
        return records


@pytest.fixture
def log():
    return MemoryLog({topic.name: topic.partitions for topic in wanted(PREFIX, 4, ["yandu"])}, clock=lambda: 1000)


@pytest.fixture
def found():
    return boxes(PREFIX, 4, ["yandu"])


@pytest.fixture
def desk(log, found):
    return Desk(log, found, AUDIT.topic, "cli:lin", lambda: NOW)


def send(log, value, topic=TOPIC, partition=2):
    [place] = log.appender().append([Message(topic, b"k", value, HEADERS, partition)])
    return f"{place.topic}:{place.partition}:{place.offset}:{'ingest' if '.in.' in topic else 'scoring'}"


def states(log, found):
    return {str(each.identity): each.state for each in read(log, found, AUDIT.topic).values()}


def test_the_boxes_are_the_catalogue_s(found):
    names = [box.topic for box in found]
    assert sorted(names) == sorted(t.name for t in wanted(PREFIX, 4, ["yandu"]) if t.name.endswith(".dlq"))


def test_a_letter_is_open_once_however_often_it_was_written(log, found):
    name = send(log, b"bad")
    Worker(log).work()
    box = TopicPartition(f"{TOPIC}.scoring.dlq", 0)
    [first] = log.records[box]
    log.appender().append([Message(box.topic, first.key, first.value, first.headers)])
    [letter] = read(log, found, AUDIT.topic).values()
    assert (str(letter.identity), letter.state, letter.attempts, letter.at.offset) == (name, "open", 1, 0)
    assert (letter.source, letter.id, letter.reason, letter.detail) == ("urn:s", "e-1", "schema", "why")
    assert "张三" not in repr(letter)


def test_a_replay_is_the_record_as_it_was_and_is_resolved_when_taken(log, found, desk):
    name = send(log, b"bad")
    worker = Worker(log)
    worker.work()
    assert [str(each) for each in desk.replay(Wish()).done] == [name]
    again = log.records[TopicPartition(TOPIC, 2)][1]
    assert (again.key, again.value, again.headers[: len(HEADERS)]) == (b"k", b"bad", HEADERS)
    assert attempts_before(again) == 1
    assert states(log, found) == {name: "replayed"}
    worker.work(bad=b"never")
    assert states(log, found) == {name: "resolved"}


def test_a_second_failure_is_a_newer_letter_with_one_attempt_more(log, found, desk):
    first = send(log, b"bad")
    worker = Worker(log)
    for number in range(2, 6):
        worker.work()
        desk.replay(Wish())
        worker.work()
        letters = {str(each.identity): each for each in read(log, found, AUDIT.topic).values()}
        newest = list(letters.values())[-1]
        assert (newest.state, newest.attempts) == ("open", number)
        assert [each.state for each in letters.values()] == ["replayed"] * (number - 1) + ["open"]
        assert [str(each.succeeded_by) for each in letters.values()][:-1] == list(letters)[1:]
        record = log.records[TopicPartition(newest.at.topic, 0)][newest.at.offset]
        assert len(record.headers) == len(HEADERS) + 16  # the first ones, this refusal and the one before
        assert parse(record).record.headers[: len(HEADERS)] == HEADERS
    assert str(letters[first].identity) == first


def test_what_was_sent_again_and_not_heard_of_can_be_put_aside(log, found, desk):
    name = send(log, b"bad")
    Worker(log).work()
    desk.replay(Wish())
    assert states(log, found) == {name: "replayed"}
    desk.park(Wish(), "the rulebook will list it")
    assert states(log, found) == {name: "resolved"}


def test_the_audit_event_says_which_who_and_where(log, desk):
    name = send(log, b"bad")
    Worker(log).work()
    desk.replay(Wish())
    [record] = log.records[AUDIT]
    event = decode(record.headers, record.value)
    assert event.data == {
        "topic": TOPIC,
        "partition": 2,
        "offset": 0,
        "group": "scoring",
        "attempts": 1,
        "by": "cli:lin",
        "to": {"topic": TOPIC, "partition": 2, "offset": 1},
    }
    assert event.subject == f"dead-letter:{name}"
    assert catalogue().log_faults(event) == []


def test_what_is_not_open_is_not_sent_again_and_named(log, desk):
    name = send(log, b"bad")
    Worker(log).work()
    desk.replay(Wish())
    assert desk.replay(Wish()) == ([], [], {}, 0)
    done, skipped, *_ = desk.replay(Wish(ids=frozenset({name, "t.x:0:0:scoring"})))
    assert done == []
    assert skipped == [
        ("t.x:0:0:scoring", "is no dead letter here, or not of these filters"),
        (name, f"was sent again to {TOPIC}:2:1"),
    ]
    assert len(log.records[TopicPartition(TOPIC, 2)]) == 2


def test_it_may_be_narrowed_by_topic_reason_and_id(log, desk):
    one, two = send(log, b"bad"), send(log, b"bad", partition=1)
    inbox = send(log, b"bad", topic=INBOX)
    Worker(log).work()
    Worker(log, "ingest", INBOX).work(reason="not-decodable")
    assert desk.replay(Wish(reasons=frozenset({"misrouted"}))).done == []
    assert [str(i) for i in desk.replay(Wish(ids=frozenset({one.rpartition(":")[0]}))).done] == [one]
    assert [str(i) for i in desk.replay(Wish(topics=frozenset({INBOX}))).done] == [inbox]
    assert [str(i) for i in desk.replay(Wish(reasons=frozenset({"schema"}))).done] == [two]


def test_a_parked_letter_is_resolved_and_says_why(log, found, desk):
    name = send(log, b"bad")
    Worker(log).work()
    assert [str(each) for each in desk.park(Wish(ids=frozenset({name})), "sent anew").done] == [name]
    [letter] = read(log, found, AUDIT.topic).values()
    assert (letter.state, letter.why, letter.by) == ("resolved", "sent anew", "cli:lin")
    assert desk.replay(Wish(ids=frozenset({name}))).skipped == [(name, "was put aside")]
    send(log, b"bad")
    Worker(log).work()
    with pytest.raises(ValueError, match="reason"):
        desk.park(Wish(), "x" * 501)


def test_a_desk_that_another_took_over_from_sends_nothing(log, found, desk, monkeypatch):
    send(log, b"bad")
    Worker(log).work()
    real = acting.read

    def taken_over(*arguments):
        letters = real(*arguments)
        log.sole_writer("desk")
        return letters

    monkeypatch.setattr(acting, "read", taken_over)
    with pytest.raises(Fenced):
        desk.replay(Wish())
    assert log.records[AUDIT] == []
    assert len(log.records[TopicPartition(TOPIC, 2)]) == 1


def test_many_letters_go_in_bounded_batches(log, found, desk, monkeypatch):
    monkeypatch.setattr(acting, "_BATCH", 3)
    names = [send(log, b"bad", partition=n % 4) for n in range(10)]
    Worker(log).work()
    told = []
    assert sorted(map(str, desk.replay(Wish(), told.append).done)) == sorted(names)
    assert told == [3, 6, 9, 10]


def test_a_log_that_is_down_is_told(log, desk):
    log.down = True
    with pytest.raises(LogUnavailable):
        desk.replay(Wish())


def test_what_is_neither_letter_nor_audit_event_is_passed_over(log, found):
    log.appender().append([Message(f"{TOPIC}.scoring.dlq", b"k", b"v"), Message(AUDIT.topic, b"k", b"v")])
    assert read(log, found, AUDIT.topic) == {}
