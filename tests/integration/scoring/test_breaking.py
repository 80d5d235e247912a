"""Too many bad events stop the topic partition that they came by, for its next owner too, until somebody closes it."""

from __future__ import annotations

import pytest

from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import Message, TopicPartition
from shared.projection.breaker import closed
from tests.integration.scoring.world import PARTITIONS

BAD = 100


@pytest.fixture
def place(world, facts):
    """The topic partition of the first fact."""
    topic = world.message(facts[0]).topic
    return TopicPartition(topic, bucket_of(facts[0]["subject"]) % PARTITIONS)


def poison(world, place, number):
    world.log.appender().append([Message(place.topic, None, b"{", (), place.partition)] * number)


def test_a_run_of_bad_events_stops_its_partition_alone_and_the_others_go_on(world, facts, place):
    poison(world, place, BAD)
    world.work(until=lambda: world.breakers.read([place])[place].opened)
    assert len(world.letters()) == BAD
    world.send(*facts)
    elsewhere = {fact["subject"] for fact in facts if bucket_of(fact["subject"]) % PARTITIONS != place.partition}
    world.work(until=lambda: elsewhere <= set(world.served()))
    assert world.committed()[place] == BAD
    assert "100 bad events in a row" in world.breakers.read([place])[place].opened


def test_a_closed_breaker_lets_its_partition_run_on(world, facts, place):
    poison(world, place, BAD)
    world.work(until=lambda: world.breakers.read([place])[place].opened)
    world.send(*facts)
    world.breakers.write({place: closed(world.breakers.read([place])[place])})
    world.work()
    assert world.served() == world.expected()


def test_bad_events_among_good_ones_stop_nothing(world, facts, place):
    for start in range(0, len(facts), 20):
        poison(world, place, 5)
        world.send(*facts[start : start + 20])
    world.work()
    assert not world.breakers.read([place])[place].opened


def test_what_was_counted_before_a_restart_counts_on(world, place):
    poison(world, place, BAD - 1)
    world.work()
    assert world.breakers.read([place])[place].run == BAD - 1
    poison(world, place, 1)
    world.work(until=lambda: world.breakers.read([place])[place].opened)


def test_a_rebuild_counts_nothing(world, facts, place):
    poison(world, place, BAD - 1)
    world.send(*facts)
    world.work()
    for key in world.store.client.scan_iter(f"{world.settings.key_prefix}*"):
        world.store.client.delete(key)
    world.work(until=lambda: world.serves(facts) and not any(p.rebuilding for p in world.books.progress(range(1024))))
    assert world.breakers.read([place])[place].seen == 0
