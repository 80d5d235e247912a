"""Reads that a fault must not touch: each of them was answered, with a state of the log, while the fault lasted."""

from __future__ import annotations

import signal

from tests.faults.machine import Reading, wait
from tests.faults.truth import NOW


def subjects(facts):
    return sorted({fact["subject"] for fact in facts})


def test_with_the_worker_killed(machine, facts):
    worker = machine.work(most=40)
    machine.send(map(machine.message, facts))
    wait(machine.settled)
    reading = Reading(machine, subjects(facts))
    machine.send(map(machine.message, facts[::2]))
    worker.kill()
    assert worker.wait(10) == -signal.SIGKILL
    reading.once()
    assert reading.refused == []
    assert len(reading.answers) == len(reading.subjects)
    machine.work()
    reading.check(machine.check())


def test_with_the_log_down(machine, brokers, facts):
    machine.work(most=40)
    machine.send(map(machine.message, facts))
    wait(machine.settled)
    reading = Reading(machine, subjects(facts))
    brokers.kill(1)
    try:
        reading.once()
        assert not brokers.processes[1].running()
    finally:
        brokers.restart(1)
    assert reading.refused == []
    assert len(reading.answers) == len(reading.subjects)
    assert reading.applied_until == {NOW}
    reading.check(machine.check())
