"""Brokers that die: the only one, one of three, and the leader with two copies in sync."""

from __future__ import annotations

import pytest
from kafka.admin import KafkaAdminClient

from tests.faults.machine import Brokers, Machine, wait


def test_the_only_one_is_killed_under_load(machine, brokers, facts):
    messages = [machine.message(fact) for fact in facts]
    machine.work(most=40)
    for start in range(0, len(messages), 300):
        machine.send(messages[start : start + 300])
        wait(machine.served)
        brokers.kill(1)
        brokers.restart(1)
    machine.check()


@pytest.fixture(scope="module")
def three(tmp_path_factory, cache):
    made = Brokers(tmp_path_factory.mktemp("three"), cache, 3)
    yield made
    made.stop()


@pytest.fixture
def cluster(three, kept, tmp_path):
    made = Machine(three, kept, tmp_path)
    yield made
    made.stop()


def leader(machine, topic, partition):
    admin = KafkaAdminClient(bootstrap_servers=list(machine.brokers.addresses))
    try:
        [described] = admin.describe_topics([machine.prefix + topic])
        return next(p["leader_id"] for p in described["partitions"] if p["partition_index"] == partition)
    finally:
        admin.close()


@pytest.mark.parametrize("which", ["the leader of a partition", "a follower of it"])
def test_one_of_three_is_killed_under_load(cluster, three, facts, which):
    messages = [cluster.message(fact) for fact in facts]
    cluster.work(most=40)
    cluster.send(messages[:200])
    wait(cluster.settled)
    led = leader(cluster, "enforcement.v1", 0)
    victim = led if which.startswith("the leader") else led % 3 + 1
    cluster.send(messages[200:300])
    three.kill(victim)
    cluster.send(messages[300:])
    cluster.check()
    three.restart(victim)
    wait(lambda: leader(cluster, "enforcement.v1", 0) > 0)
