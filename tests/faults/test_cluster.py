"""A store of six nodes whose replicas take over from masters, with what they have, and whose slots move."""

from __future__ import annotations

import random
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from shared.eventlog.partitioner import bucket_of
from tests.faults.machine import Machine, Reading, wait
from tests.faults.six_nodes import SECONDS, SixNodes, slot_of


@pytest.fixture
def six(tmp_path):
    store = SixNodes(tmp_path / "six")
    yield store
    store.stop()


@pytest.fixture
def machine(brokers, six, tmp_path):
    made = Machine(brokers, six, tmp_path)
    yield made
    made.stop()


@pytest.fixture
def mixed(machine, facts):
    """All facts in an order in which those of a subject come far from each other."""
    messages = [machine.message(fact) for fact in facts]
    random.Random(5).shuffle(messages)
    return messages


@contextmanager
def reads(machine, facts):
    """Reads all the time; in the end every answer was a state of the log."""
    reading, stop = Reading(machine, sorted({fact["subject"] for fact in facts})), Event()

    def run():
        while not stop.is_set():
            reading.once()

    thread = Thread(target=run)
    thread.start()
    try:
        yield reading
    finally:
        stop.set()
        thread.join()


def test_a_replica_takes_over_from_a_master_that_is_killed_under_load(machine, six, facts, mixed):
    machine.work(most=40)
    machine.send(mixed[:400])
    wait(machine.settled)
    master, heir = six.nodes[0], six.heir(six.nodes[0])
    with reads(machine, facts) as reading:
        machine.send(mixed[400:600])
        six.kill(master)
        machine.send(mixed[600:])
        wait(lambda: heir.is_master, SECONDS)
        reading.check(machine.check())
    assert not master.process.running()


def test_a_replica_that_lacks_what_was_acknowledged_takes_over(machine, six, facts, mixed):
    machine.work(most=40)
    machine.send(mixed[:400])
    wait(machine.settled)
    master, heir = six.nodes[0], six.heir(six.nodes[0])
    six.cut_off(master)
    machine.send(mixed[400:600])
    wait(machine.settled)
    lost = lag(machine, master, heir)
    assert lost
    with reads(machine, facts) as reading:
        machine.send(mixed[600:])
        six.kill(master)
        wait(lambda: heir.is_master, SECONDS)
        reading.check(machine.check())
    assert "Rebuilding" in reading.refused


def lag(machine, master, heir):
    """Buckets of a master whose replica holds lower positions than it has acknowledged."""
    heir.ask.execute_command("READONLY")
    names = [machine.keys.progress(bucket).encode() for bucket in range(1024)]
    owned = [name for name in names if name in set(master.ask.keys("*progress"))]
    return [name for name in owned if master.ask.get(name) != heir.ask.get(name)]


@pytest.mark.parametrize("to", ["another master", "a node that has just come"])
def test_the_slot_of_a_bucket_in_use_moves_under_load(machine, six, facts, mixed, to):
    machine.work(most=40)
    machine.send(mixed[:300])
    wait(machine.settled)
    subject = busiest(mixed)
    bucket = bucket_of(subject)
    slot = slot_of(machine.keys.prefix, bucket)
    source = six.owner(slot, six.nodes[0])
    if to == "another master":
        target = next(node for node in six.nodes if node.is_master and node != source)
    else:
        target = six.add()
        six.meet(target)
        wait(six.is_up, SECONDS)
    with reads(machine, facts) as reading:
        six.begin_move(slot, source, target)
        moved = six.move_keys([machine.keys.stamp(bucket)], source, target)
        machine.send(mixed[300:500])
        wait(lambda: "the store: ClusterError" in (machine.folder / "worker-0.log").read_text())  # tried again in vain
        while keys := six.keys_of(slot, source):
            moved += six.move_keys(keys[:2], source, target)
            machine.send(mixed[500:600])
        six.end_move(slot, source, target)
        machine.send(mixed[600:])
        reading.check(machine.check())
    assert {machine.keys.ledger(bucket, subject), machine.keys.progress(bucket)} <= set(moved)
    assert set(moved) <= set(six.keys_of(slot, target))


def busiest(messages):
    """The subject with most facts before the move and while it goes on."""
    sent = [message.key.decode() for message in messages]
    return max(sorted(set(sent)), key=lambda subject: min(sent[:300].count(subject), sent[300:500].count(subject)))
