"""A worker that dies anywhere loses and doubles nothing, and one that was given up for dead publishes nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from services.lookup.desk import Desk
from services.lookup.question import permitted
from shared.version import CODE
from shared.web.problems import ProblemError
from tests.faults.machine import Reading, wait
from tests.faults.truth import NOW

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
    wait(lambda: "lost to another owner" in machine.log_of(0) or "is not as it was left" in machine.log_of(0))
    assert set(machine.told()) == set(told)


def test_partitions_go_from_one_worker_to_another_under_load(machine, facts):
    messages = [machine.message(fact) for fact in facts]
    machine.work("1", most=30)
    for start in range(0, len(messages), 100):
        machine.send(messages[start : start + 100])
        if start == 200:
            second = machine.work("2", most=30)
            wait(lambda: "joined" in machine.log_of(1) or len(machine.served()) > 50)
        if start == 500:
            second.terminate()
            assert second.wait(30) == 0
    machine.check()


def test_a_bug_of_ours_in_one_subject_stops_no_other_and_the_repair_mends_it(machine, facts):
    poisoned = facts[100]["subject"]
    worker = machine.work(bug=poisoned)
    machine.send(map(machine.message, facts))
    wait(machine.settled)
    served, right = machine.served(), machine.truth().final()
    assert served.pop(poisoned)["failed"] == CODE
    assert served == {subject: summary for subject, summary in right.items() if subject != poisoned}
    desk = Desk(Reading(machine, []).reader, lambda: machine.rulebooks)
    with pytest.raises(ProblemError) as refused:
        desk.answer(permitted(poisoned, None, NOW.date()))
    assert (refused.value.kind.status, refused.value.kind.code) == (503, "failed")
    worker.kill()
    worker.wait(30)
    told = [state for state in machine.told() if state[0] == poisoned]
    assert told
    machine.work()
    environment = {"CHENGXIN_REDIS": machine.kept.url, "CHENGXIN_KEY_PREFIX": machine.keys.prefix}
    command = [sys.executable, "-m", "services.cli.main", "recompute", "--failed"]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 hold" in done.stdout
    machine.check(besides=told)


def test_a_worker_whose_clock_is_hours_ahead_does_nothing_until_it_is_right(machine, facts):
    wrong = machine.work(ahead=13)
    machine.send(map(machine.message, facts))
    wait(lambda: machine.log_of(0).count("set them right") > 2)
    assert (machine.served(), machine.told()) == ({}, [])
    wrong.kill()
    wrong.wait(30)
    machine.work()
    machine.check()
