"""A worker that dies anywhere loses and doubles nothing, and one that was given up for dead publishes nothing."""

from __future__ import annotations

import random
import signal
import time

import pytest

from tests.faults.machine import wait

POINTS = ["before apply", "after apply", "before advance", "after advance", "before commit", "before trim"]


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point(machine, facts, point, times):
    messages = [machine.message(fact) for fact in facts]
    worker = machine.work(point=point, times=times, most=60)
    for start in range(0, len(messages), 80):
        machine.send(messages[start : start + 80])
    machine.died(worker)
    machine.work()
    machine.check()


def test_killed_at_random_under_load(machine, facts):
    chance, kills = random.Random(4), 0
    messages = [machine.message(fact) for fact in facts * 2]
    chance.shuffle(messages)
    worker = machine.work(most=30)
    for start in range(0, len(messages), 100):
        machine.send(messages[start : start + 100])
        time.sleep(chance.random() / 2)
        if chance.random() < 0.4:
            worker.kill()
            assert worker.wait(10) == -signal.SIGKILL
            kills += 1
            worker = machine.work(most=30)
    assert kills > 2
    machine.check()


def test_paused_until_another_took_over(machine, facts):
    messages = [machine.message(fact) for fact in facts]
    paused = machine.work("1", most=20)
    machine.send(messages[:400])
    wait(machine.served)
    paused.send_signal(signal.SIGSTOP)
    machine.send(messages[400:])
    machine.work("2")
    wait(machine.settled)
    told = machine.told()
    paused.send_signal(signal.SIGCONT)
    machine.send(messages[:50])
    machine.check()
    wait(lambda: "lost to another owner" in log_of(machine, 0) or "is not as it was left" in log_of(machine, 0))
    assert set(machine.told()) == set(told)


def test_partitions_go_from_one_worker_to_another_under_load(machine, facts):
    messages = [machine.message(fact) for fact in facts]
    machine.work("1", most=30)
    for start in range(0, len(messages), 100):
        machine.send(messages[start : start + 100])
        if start == 200:
            second = machine.work("2", most=30)
            wait(lambda: "joined" in log_of(machine, 1) or len(machine.served()) > 50)
        if start == 500:
            second.terminate()
            assert second.wait(30) == 0
    machine.check()


def log_of(machine, number):
    return (machine.folder / f"worker-{number}.log").read_text()
