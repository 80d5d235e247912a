"""A store that dies, forgets its last second, is emptied, restored from an older file, or full."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from tests.faults.machine import Reading, wait


@pytest.fixture
def reading(machine, facts):
    """Reads all the time, until the test's end."""
    reading, stop = Reading(machine, sorted({fact["subject"] for fact in facts})), Event()

    def run():
        while not stop.is_set():
            reading.once()

    thread = Thread(target=run)
    thread.start()
    yield reading
    stop.set()
    thread.join()


@pytest.mark.parametrize("back", [0, 40, 400])
def test_power_is_lost_and_the_end_of_its_file_with_it(machine, kept, facts, reading, back):
    messages = [machine.message(fact) for fact in facts]
    machine.work(most=40)
    machine.send(messages[:back])
    wait(lambda: machine.settled() if back else machine.books.progress([0])[0].positions)
    length = kept.file.stat().st_size
    machine.send(messages[back:])
    wait(lambda: kept.file.stat().st_size > length + 20_000)
    kept.kill()
    kept.cut(length + 10_000)
    kept.start()
    reading.check(machine.check())


def test_killed_again_and_again_under_load(machine, kept, facts, reading):
    messages = [machine.message(fact) for fact in facts]
    machine.work(most=40)
    for start in range(0, len(messages), 200):
        machine.send(messages[start : start + 200])
        size = kept.file.stat().st_size
        wait(lambda: kept.file.stat().st_size > size)  # noqa: B023
        kept.kill()
        kept.start()
    reading.check(machine.check())


@pytest.mark.parametrize("older", [True, False], ids=["restored from an older file", "emptied"])
def test_set_back_under_reads(machine, kept, facts, reading, tmp_path, older):
    messages = [machine.message(fact) for fact in facts]
    machine.work(most=100)
    machine.send(messages[:500])
    wait(machine.settled)
    kept.copy(tmp_path / "older")
    machine.send(messages[500:])
    wait(machine.settled)
    before = machine.told()
    kept.kill()
    kept.put_back(tmp_path / "older" if older else None)
    kept.start()
    wait(lambda: "Rebuilding" in reading.refused)
    reading.check(machine.check())
    assert machine.told() == before  # silent: nothing was told again


def test_set_back_while_no_worker_runs_is_read_by_nobody(machine, kept, facts, tmp_path):
    messages = [machine.message(fact) for fact in facts]
    worker = machine.work()
    machine.send(messages[:500])
    wait(machine.settled)
    kept.copy(tmp_path / "older")
    machine.send(messages[500:])
    wait(machine.settled)
    worker.terminate()
    assert worker.wait(30) == 0
    kept.kill()
    kept.put_back(tmp_path / "older")
    kept.start()
    moved = sorted({fact["subject"] for fact in facts[500:]})
    reading = Reading(machine, moved)
    reading.once()
    assert reading.answers == []
    assert set(reading.refused) == {"Rebuilding"}
    machine.work()
    machine.check()


def test_full_until_somebody_gives_it_room(machine, kept, facts, reading):
    messages = [machine.message(fact) for fact in facts]
    machine.work()
    machine.send(messages[:300])
    wait(machine.settled)
    machine.store.client.config_set("maxmemory", 1)
    machine.send(messages[300:])
    wait(lambda: "OOM" in (machine.folder / "worker-0.log").read_text())
    answered = len(reading.answers)
    wait(lambda: len(reading.answers) > answered + 50)
    machine.store.client.config_set("maxmemory", 0)
    reading.check(machine.check())
