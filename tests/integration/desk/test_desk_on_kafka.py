"""The desk on a real Kafka: one transaction, one desk at a time, states by the group's real positions."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest

from shared.desk.acting import Desk
from shared.desk.finding import NoRecord, record_at
from shared.desk.letters import Place, Wish
from shared.desk.reading import boxes, read
from shared.eventlog.connection import Connection
from shared.eventlog.dead_letters import attempts_before, dead_letter
from shared.eventlog.kafka import KafkaLog
from shared.eventlog.port import Fenced, Message, TopicPartition
from shared.eventlog.topics import Wanted
from shared.eventlog.topics_admin import apply
from tests.support.waiting import until


@pytest.fixture
def connection(kafka, prefix):
    return Connection((kafka,), prefix)


@pytest.fixture
def office(connection, prefix):
    found = [box for box in boxes(prefix, 2, []) if box.source == f"{prefix}enforcement.v1"]
    names = [(found[0].source, 2), (found[0].topic, 1), (f"{prefix}audit.v1", 1)]
    apply(connection, [Wanted(name, number, "delete", -1) for name, number in names])
    return KafkaLog(connection), found, f"{prefix}audit.v1"


def test_a_letter_is_replayed_refused_again_replayed_and_resolved(office):
    log, found, audit = office
    topic = found[0].source
    desk = Desk(log, found, audit, "cli:t", lambda: datetime.now(UTC))
    with closing(log.appender()) as appender:
        appender.append([Message(topic, b"k", b"v", (("ce_id", b"1"),), 1)])
    with (
        closing(log.transactor("t")) as transactor,
        closing(
            log.subscribe([topic], group="scoring", member="1", assigned=lambda _: {}, revoked=lambda _: None)
        ) as owner,
    ):

        def work(*, refuse):
            records = []
            until(lambda: records.extend(owner.poll(timeout=0.1, most=10)) or records)
            letters = [dead_letter(each, "scoring", "schema", "x") for each in records if refuse]
            transactor.transact(letters, {at: owner.position(at) for at in owner.owned()}, owner)
            return records

        def states():
            return [(each.state, each.attempts) for each in read(log, found, audit).values()]

        work(refuse=True)
        assert states() == [("open", 1)]
        [first] = desk.replay(Wish()).done
        assert states() == [("replayed", 1)]
        [again] = work(refuse=True)
        assert (again.key, again.value, again.partition, attempts_before(again)) == (b"k", b"v", 1, 1)
        assert states() == [("replayed", 1), ("open", 2)]
        assert desk.replay(Wish(ids=frozenset({str(first)}))).skipped
        desk.replay(Wish())
        work(refuse=False)
        until(lambda: states() == [("replayed", 1), ("resolved", 2)])
    assert record_at(log, Place(topic, 1, again.offset)).value == b"v"
    with pytest.raises(NoRecord, match="ends a transaction"):
        record_at(log, Place(topic, 1, again.offset + 1))


def test_the_later_writer_fences_the_former_and_nothing_of_it_is_seen(office):
    log, _, audit = office
    message = Message(audit, b"k", b"v")
    with closing(log.sole_writer("w")) as former, closing(log.sole_writer("w")) as later:
        with pytest.raises(Fenced):
            former.write([message], lambda _: [])
        [place] = later.write([message], lambda places: [Message(audit, b"k", b"%d" % places[0].offset)])
    with closing(log.assign([TopicPartition(audit, 0)])) as reader:
        records = []
        until(lambda: records.extend(reader.poll(timeout=0.1, most=10)) or len(records) >= 2)
    assert [(each.offset, each.value) for each in records] == [
        (place.offset, b"v"),
        (place.offset + 1, b"%d" % place.offset),
    ]


def test_what_fails_between_takes_everything_back(office):
    log, _, audit = office

    def fails(_):
        raise ZeroDivisionError

    with closing(log.sole_writer("w")) as writer, pytest.raises(ZeroDivisionError):
        writer.write([Message(audit, b"k", b"v")], fails)
    with closing(log.assign([TopicPartition(audit, 0)])) as reader:
        at = TopicPartition(audit, 0)
        end = reader.end_offsets([at])[at]
        records = []
        until(lambda: records.extend(reader.poll(timeout=0.1, most=10)) or reader.position(at) >= end)
    assert records == []


def test_a_group_that_never_committed_has_no_offsets(office):
    log, found, _ = office
    at = TopicPartition(found[0].source, 0)
    assert log.committed("nobody", [at]) == {}
