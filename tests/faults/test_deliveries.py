"""However facts are delivered, and whatever comes among them: one state."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from shared.eventlog.port import Message, TopicPartition
from tests.integration.scoring.world import PARTITIONS, World, ids

WAYS, EVENTS = 100, 2000


def world_of(redis_url, prefix, way):
    world = World(redis_url, f"{prefix}w{way}.")
    world.stamp = 1_793_000_000_000
    return world


def deliver(world, facts, chance):
    """The same facts with the same `recorded_at`, shuffled, some of them again and later, in batches cut anywhere."""
    numbered = list(enumerate(facts))
    again = [(len(facts) + number, fact) for number, fact in chance.sample(numbered, len(facts) // 20)]
    order = [*numbered, *again]
    chance.shuffle(order)
    first = world.stamp
    for number, fact in order:
        world.stamp = first + number
        world.send(fact)
    world.pace = replace(world.pace, most=chance.choice([70, 333, 1000, 5000]), commit_every=chance.choice([0.0, 0.3]))
    world.work()


def test_one_log_delivered_in_a_hundred_ways_gives_one_state(redis_url, prefix, many):
    states = []
    for way in range(WAYS):
        world = world_of(redis_url, prefix, way)
        deliver(world, many, random.Random(way))
        served = world.served()
        digests = {subject: version.digest for subject, version in world.ledgers.versions(range(1024)).items()}
        if not way:
            assert served == world.expected()
        states.append((digests, served))
        assert states[-1] == states[0], way
        keys = list(world.store.client.scan_iter(f"{world.settings.key_prefix}*", count=10_000))
        world.store.client.delete(*keys)
        world.store.close()
        del states[1:]
    assert len(many) >= EVENTS


def test_every_script_sent_twice_changes_nothing(redis_url, prefix, facts, monkeypatch):
    world = world_of(redis_url, prefix, 0)
    once, twice = world.store.run, []

    def run(name, calls):
        first = once(name, calls)
        assert name == "trim" or once(name, calls) == first
        twice.append(name)
        return first

    monkeypatch.setattr(world.store, "run", run)
    world.pace = replace(world.pace, most=100)
    world.send(*facts)
    world.work()
    assert {"apply", "advance", "claim", "trim"} <= set(twice)
    assert world.served() == world.expected()
    assert ids(world.told()) == ids(world.served())
    world.store.close()


@pytest.mark.parametrize("where", ["first", "last", "all"])
def test_poison_in_a_batch_keeps_nothing_else_out(redis_url, prefix, facts, where):
    world = world_of(redis_url, prefix, 0)
    poison = [
        Message(world.name(topic), None, b"{", (), number)
        for topic in ("enforcement.v1", "inspection.v1")
        for number in range(PARTITIONS)
    ]
    if where == "all":
        world.log.appender().append(poison * 5)  # a whole poll of nothing else
        world.pace = replace(world.pace, most=len(poison) * 5)
    elif where == "first":
        world.log.appender().append(poison)
    world.send(*facts)
    if where == "last":
        world.log.appender().append(poison)
    world.work()
    number = len(poison) * (5 if where == "all" else 1)
    assert sum(letter.reason == "not-decodable" for letter in world.letters()) == number
    assert all(letter.record.value == b"{" for letter in world.letters() if letter.reason == "not-decodable")
    assert world.served() == world.expected()
    assert not world.breakers.read([TopicPartition(world.name("enforcement.v1"), 0)]).popitem()[1].opened
    world.store.close()
