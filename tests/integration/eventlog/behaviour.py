"""What any log must do: one suite for the log in memory and for Kafka.

A subclass gives the fixtures `log` and `create(topic, partitions)`, which answers the full name.
"""

import time
from contextlib import ExitStack

import pytest

from shared.eventlog.lag import lag, oldest
from shared.eventlog.partitioner import partition_of
from shared.eventlog.port import Appended, BeyondEnd, Fenced, Message, Record, Standing, TopicPartition, UnknownTopic

DEADLINE = 60.0


class Reader:
    """A subscription, with a note of all that it was told."""

    def __init__(self, log, topics, group="group", member=None, start=None):
        self.told = []
        self.start = start or {}
        self.subscription = log.subscribe(
            topics, group=group, member=member, assigned=self._assigned, revoked=self._revoked
        )

    def _assigned(self, partitions):
        self.told.append(("assigned", partitions))
        return {at: offset for at, offset in self.start.items() if at in partitions}

    def _revoked(self, partitions):
        self.told.append(("revoked", partitions))

    def read(self, number, most=1000):
        """Poll until there are so many records."""
        records = []
        until(lambda: len(records) >= number, lambda: records.extend(self.subscription.poll(timeout=0.1, most=most)))
        return records

    def join(self):
        until(self.subscription.owned, lambda: self.subscription.poll(timeout=0.1, most=1))
        return self

    def poll(self):
        return self.subscription.poll(timeout=0.1, most=1000)


def until(condition, act):
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline
        act()


def positions(records):
    return {record.at: record.offset + 1 for record in records}


def values(records):
    return [record.value for record in records]


class LogBehaviour:
    @pytest.fixture
    def closing(self):
        with ExitStack() as stack:
            yield lambda each: stack.callback(each.close) and each

    @pytest.fixture
    def append(self, log, closing):
        """Append values to a topic by one key."""
        appender = closing(log.appender())

        def append(topic, *each, key=b"k", partition=None):
            return appender.append([Message(topic, key, value, (), partition) for value in each])

        return append

    @pytest.fixture
    def reader(self, log, closing):
        def reader(*topics, **more):
            made = Reader(log, topics, **more)
            closing(made.subscription)
            return made

        return reader

    def test_records_of_a_partition_keep_their_order(self, create, append, reader):
        topic = create("topic", 2)
        appended = append(topic, *(str(n).encode() for n in range(50)), partition=1)
        records = reader(topic).read(50)
        assert values(records) == [str(n).encode() for n in range(50)]
        assert [r.offset for r in records] == [a.offset for a in appended] == list(range(50))

    def test_a_record_comes_back_as_it_was_written(self, create, log, closing, reader):
        topic = create("topic", 1)
        messages = [
            Message(topic, b"key", b"value", (("ce_id", "号".encode()), ("ce_id", b""), ("z", b"\xff"))),
            Message(topic, b"key", None),
            Message(topic, None, b""),
        ]
        answers = closing(log.appender()).append(messages)
        records = reader(topic).read(3)
        assert [(r.key, r.value, r.headers) for r in records] == [(m.key, m.value, m.headers) for m in messages]
        assert [Appended(r.topic, r.partition, r.offset, r.timestamp) for r in records] == answers
        assert type(records[0]) is Record

    def test_the_stamp_is_the_time_of_appending(self, create, append, reader, clock):
        topic = create("topic", 1)
        before = clock()
        append(topic, b"1")
        (record,) = reader(topic).read(1)
        assert before <= record.timestamp <= clock()

    def test_a_key_decides_the_partition_as_every_client_does(self, create, log, closing):
        topic = create("topic", 8)
        keys = [f"shop:{n}".encode() for n in range(30)]
        answers = closing(log.appender()).append([Message(topic, key, b"v") for key in keys])
        assert [answer.partition for answer in answers] == [partition_of(key, 8) for key in keys]

    def test_a_group_goes_on_where_it_committed(self, create, append, reader):
        topic = create("topic", 1)
        append(topic, b"0", b"1", b"2", b"3")
        first = reader(topic, member="m")
        assert values(first.read(2, most=2)) == [b"0", b"1"]
        first.subscription.commit({TopicPartition(topic, 0): 2})
        assert first.subscription.committed([TopicPartition(topic, 0)]) == {TopicPartition(topic, 0): 2}
        first.subscription.close()
        assert values(reader(topic, member="m").read(2)) == [b"2", b"3"]

    def test_a_group_without_a_commit_begins_at_the_beginning(self, create, append, reader):
        topic = create("topic", 1)
        append(topic, b"0")
        first = reader(topic)
        assert values(first.read(1)) == [b"0"]
        assert first.subscription.committed([TopicPartition(topic, 0)]) == {}

    def test_the_answer_of_assigned_is_where_it_starts(self, create, append, reader):
        topic = create("topic", 2)
        append(topic, b"0", b"1", b"2", partition=0)
        append(topic, b"a", b"b", partition=1)
        seeker = reader(topic, start={TopicPartition(topic, 0): 2})
        assert sorted(values(seeker.read(3))) == [b"2", b"a", b"b"]
        assert seeker.told == [("assigned", frozenset({TopicPartition(topic, 0), TopicPartition(topic, 1)}))]

    def test_assigned_and_revoked_may_use_the_subscription(self, create, append, log, closing):
        topic = create("topic", 1)
        append(topic, b"0", b"1")
        at, seen = TopicPartition(topic, 0), []

        def assigned(partitions):
            ends = subscription.end_offsets(partitions)
            seen.append((ends, subscription.committed(partitions), subscription.beginning_offsets(partitions)))
            return {each: end - 1 for each, end in ends.items()}

        subscription = closing(
            log.subscribe([topic], group="g", member="m", assigned=assigned, revoked=lambda _: seen.append("revoked"))
        )
        records = []
        until(lambda: records, lambda: records.extend(subscription.poll(timeout=0.1, most=10)))
        assert values(records) == [b"1"]
        assert subscription.position(at) == 2
        subscription.close()
        assert seen == [({at: 2}, {}, {at: 0}), "revoked"]

    def test_what_assigned_raises_poll_raises_and_asks_again(self, create, append, log, closing):
        topic = create("topic", 1)
        append(topic, b"0")
        calls = []

        def assigned(_):
            calls.append(1)
            if len(calls) == 1:
                raise RuntimeError("the store is down")
            return {}

        subscription = closing(
            log.subscribe([topic], group="g", member=None, assigned=assigned, revoked=lambda _: None)
        )
        with pytest.raises(RuntimeError, match="the store is down"):
            until(lambda: False, lambda: subscription.poll(timeout=0.1, most=10))
        assert subscription.owned() == frozenset()
        records = []
        until(lambda: records, lambda: records.extend(subscription.poll(timeout=0.1, most=10)))
        assert (values(records), len(calls)) == ([b"0"], 2)

    def test_a_transaction_appends_and_commits_at_once(self, create, append, log, closing, reader):
        source, out = create("source", 1), create("out", 2)
        append(source, b"0", b"1")
        owner = reader(source, member="m")
        records = owner.read(2)
        transactor = closing(log.transactor("relay"))
        for number in range(2):
            messages = [Message(out, key, b"%d" % number) for key in (b"a", b"b", b"c")]
            answers = transactor.transact(messages, {records[number].at: number + 1}, owner.subscription)
            assert [type(answer) for answer in answers] == [Appended] * 3
            assert owner.subscription.committed([records[0].at]) == {records[0].at: number + 1}
        assert sorted(values(reader(out, group="other").read(6))) == [b"0"] * 3 + [b"1"] * 3

    def test_a_transaction_may_hold_positions_alone_or_messages_alone(self, create, append, log, closing, reader):
        source, out = create("source", 1), create("out", 1)
        append(source, b"0")
        owner = reader(source, member="m")
        (record,) = owner.read(1)
        transactor = closing(log.transactor("relay"))
        assert transactor.transact([], {record.at: 1}, owner.subscription) == []
        assert len(transactor.transact([Message(out, b"k", b"v")], {}, owner.subscription)) == 1
        assert owner.subscription.committed([record.at]) == {record.at: 1}
        assert values(reader(out, group="other").read(1)) == [b"v"]

    def test_an_owner_whose_place_was_taken_can_neither_commit_nor_publish(self, create, append, log, closing, reader):
        source, out = create("source", 1), create("out", 1)
        append(source, b"0", b"1")
        old = reader(source, member="m")
        (record, *_) = old.read(2)
        transactor = closing(log.transactor("relay-old"))
        transactor.transact([Message(out, b"k", b"first")], {record.at: 1}, old.subscription)
        new = reader(source, member="m").join()
        with pytest.raises(Fenced):
            transactor.transact([Message(out, b"k", b"stale")], {record.at: 2}, old.subscription)
        with pytest.raises(Fenced):
            old.subscription.commit({record.at: 2})
        with pytest.raises(Fenced):
            until(lambda: False, old.poll)
        closing(log.transactor("relay-new")).transact([Message(out, b"k", b"last")], {record.at: 1}, new.subscription)
        assert new.subscription.committed([record.at]) == {record.at: 1}
        assert values(reader(out, group="other").read(2)) == [b"first", b"last"]

    def test_a_position_that_is_not_owned_cannot_be_committed(self, create, append, reader):
        topic = create("topic", 1)
        append(topic, b"0")
        owner = reader(topic).join()
        with pytest.raises(Fenced):
            owner.subscription.commit({TopicPartition(topic, 7): 1})

    def test_a_paused_partition_is_silent_until_it_is_resumed(self, create, append, reader):
        topic = create("topic", 2)
        owner = reader(topic).join()
        owner.subscription.pause([TopicPartition(topic, 0)])
        append(topic, b"0", partition=0)
        append(topic, b"1", partition=1)
        assert values(owner.read(1)) == [b"1"]
        assert owner.poll() == []
        assert owner.subscription.position(TopicPartition(topic, 0)) == 0
        owner.subscription.resume([TopicPartition(topic, 0)])
        assert values(owner.read(1)) == [b"0"]

    def test_a_seek_reads_again(self, create, append, reader):
        topic = create("topic", 1)
        append(topic, b"0", b"1", b"2")
        owner = reader(topic)
        owner.read(3)
        owner.subscription.seek(TopicPartition(topic, 0), 1)
        assert values(owner.read(2)) == [b"1", b"2"]

    def test_most_bounds_a_poll(self, create, append, reader):
        topic = create("topic", 2)
        append(topic, *([b"v"] * 20), partition=0)
        append(topic, *([b"v"] * 20), partition=1)
        owner = reader(topic)
        sizes = []
        until(lambda: sum(sizes) == 40, lambda: sizes.append(len(owner.subscription.poll(timeout=0.1, most=7))))
        assert max(sizes) == 7

    def test_a_position_beyond_the_end_is_an_alarm(self, create, append, reader):
        topic = create("topic", 1)
        append(topic, b"0")
        owner = reader(topic, start={TopicPartition(topic, 0): 5})
        with pytest.raises(BeyondEnd, match=r"position 5 of .* is beyond the log's end 1"):
            until(lambda: False, owner.poll)

    def test_the_place_of_an_instant_is_the_first_record_that_was_stamped_then_or_later(
        self, create, append, log, closing
    ):
        topic = create("topic", 1)
        appended = append(topic, b"1")
        until(lambda: appended[-1].timestamp > appended[0].timestamp, lambda: appended.extend(append(topic, b"n")))
        last = appended[-1]
        reader, at = closing(log.assign([TopicPartition(topic, 0)])), TopicPartition(topic, 0)
        instants = (0, appended[0].timestamp, last.timestamp, last.timestamp + 1)
        assert [reader.offset_at(at, instant) for instant in instants] == [0, 0, last.offset, last.offset + 1]

    def test_a_reader_without_a_group_reads_given_partitions_from_their_beginning(self, create, append, log, closing):
        topic = create("topic", 3)
        for number in range(3):
            append(topic, b"%d" % number, partition=number)
        given = [TopicPartition(topic, 0), TopicPartition(topic, 2)]
        reader = closing(log.assign(given))
        assert reader.owned() == frozenset(given)
        ends = reader.end_offsets(given)
        assert ends == dict.fromkeys(given, 1)
        assert reader.beginning_offsets(given) == dict.fromkeys(given, 0)
        assert reader.committed(given) == {}
        records = []
        until(
            lambda: all(reader.position(at) >= end for at, end in ends.items()),
            lambda: records.extend(reader.poll(timeout=0.1, most=10)),
        )
        assert sorted(values(records)) == [b"0", b"2"]

    def test_members_share_topics_in_runs_and_several_topics_alike(self, create, append, reader):
        topics = [create("a", 4), create("b", 4)]
        first = reader(*topics, member="m1").join()
        assert len(first.subscription.owned()) == 8
        second = reader(*topics, member="m2")

        def both():
            first.poll()
            second.poll()

        until(lambda: len(first.subscription.owned()) == len(second.subscription.owned()) == 4, both)
        halves = [{(at.topic, at.partition) for at in member.subscription.owned()} for member in (first, second)]
        runs = [{(topic, n) for topic in topics for n in run} for run in ((0, 1), (2, 3))]
        assert halves in (runs, runs[::-1])
        assert [what for what, _ in first.told] == ["assigned", "revoked", "assigned"]
        for topic in topics:
            for number in range(4):
                append(topic, b"v", partition=number)
        assert {r.at for r in first.read(4)} == first.subscription.owned()
        assert {r.at for r in second.read(4)} == second.subscription.owned()

    def test_the_number_of_partitions_is_known(self, create, log):
        assert log.partitions(create("topic", 8)) == 8
        with pytest.raises(UnknownTopic):
            log.partitions("nowhere")

    def test_a_group_is_seen_from_outside_with_its_owners_and_what_they_have_not_read(
        self, create, append, log, reader
    ):
        read, unread = create("read", 2), create("unread", 1)
        owner = reader(read, member="worker-7").join()
        append(read, b"0", b"1", b"2", partition=1)
        append(unread, b"0")
        owner.subscription.commit({TopicPartition(read, 1): 1})
        found = log.standings("group", [unread, read])
        assert list(found) == [TopicPartition(read, 0), TopicPartition(read, 1), TopicPartition(unread, 0)]
        assert [(each.committed, each.beginning, each.end) for each in found.values()] == [
            (None, 0, 0),
            (1, 0, 3),
            (None, 0, 1),
        ]
        assert [each.lag for each in found.values()] == [0, 2, 1]
        assert [each.owner.member if each.owner else None for each in found.values()] == ["worker-7", "worker-7", None]
        assert lag(log, "group", [read, unread]) == 3

    def test_a_group_that_nobody_has_joined_owns_nothing(self, create, append, log):
        topic = create("topic", 1)
        append(topic, b"0", b"1")
        assert log.standings("nobody", [topic]) == {TopicPartition(topic, 0): Standing(None, None, 0, 2)}
        with pytest.raises(UnknownTopic, match="nowhere"):
            log.standings("nobody", [topic, "nowhere"])

    def test_the_oldest_record_that_is_not_read_has_its_time(self, create, append, log, reader):
        topic = create("topic", 4)
        owner = reader(topic, member="m").join()
        read_one = append(topic, b"0", b"1", b"2", partition=1)
        append(topic, b"0", partition=2)
        unread = append(topic, *[b"x" * 1000] * 300, partition=3)
        owner.subscription.commit({TopicPartition(topic, 1): 1, TopicPartition(topic, 2): 1})
        assert oldest(log, log.standings("group", [topic]), seconds=DEADLINE) == {
            TopicPartition(topic, 1): read_one[1].timestamp,
            TopicPartition(topic, 3): unread[0].timestamp,
        }

    def test_what_holds_no_record_but_the_end_of_a_transaction_has_no_oldest(self, create, log, closing, reader):
        topic = create("topic", 1)
        owner = reader(topic, member="m").join()
        transactor = closing(log.transactor("t"))
        transactor.transact([Message(topic, None, b"0")], {}, owner.subscription)
        owner.subscription.commit({TopicPartition(topic, 0): 1})
        assert oldest(log, log.standings("group", [topic]), seconds=DEADLINE) == {}
