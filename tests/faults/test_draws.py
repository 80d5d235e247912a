"""Draws whose processes, broker and store are killed at each step: a draw goes on, or is visibly where it was, and
there is never a second result.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from shared.eventlog.following import Follower
from shared.eventlog.port import TopicPartition
from shared.eventlog.topics import DOCUMENTS
from shared.store.documents import DocumentIndex
from tests.faults import drawing
from tests.faults.machine import ROOT, SECONDS, wait
from tests.support.draws import BEACON, Desk, verified
from tests.support.verifier import refused_by

MOVED_ON = "draw-moved-on"
LINES = ["planned", "committed", "seeded", "drawn", "replaced", "published"]


class Clerks:
    """People at one draw, each with a process of his own for each step."""

    def __init__(self, machine, folder):
        self.machine, self.folder, self.started = machine, folder, []
        self.draw_id, self.sources = "d-1", []

    def begins(self, step, *, point="", times=1, what="SIGKILL"):
        """A process that takes a step, and has its point."""
        proof = self.folder / f"step-{len(self.started)}"
        order = {
            "kafka": self.machine.brokers.addresses, "redis": self.machine.kept.url, "prefix": self.machine.prefix,
            "step": step, "draw_id": self.draw_id, "sources": self.sources,
            "point": point, "times": times, "proof": str(proof), "signal": what,
        }  # fmt: skip
        line = [sys.executable, "-m", "tests.faults.drawing", json.dumps(order)]
        process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, text=True)
        process.proof = proof
        self.started.append(process)
        return process

    def dies(self, step, point, times=1):
        """A step whose process is killed at a point."""
        process = self.begins(step, point=point, times=times)
        self.machine.died(process)

    def does(self, step):
        """What is told to who takes a step, or the same again."""
        return told(self.begins(step))

    def plans(self, seconds):
        """A draw whose public source has its moment so many seconds from now."""
        self.draw_id = f"d-{seconds}"
        moment = datetime.now(UTC) + timedelta(seconds=seconds)
        self.sources = [{"name": BEACON, "not_before": moment.isoformat(), "pattern": "[0-9a-f]{8}"}]

    def frozen_in_time(self):
        """A draw whose public source is to come, as soon as this machine can freeze before it."""
        for seconds in (6, 20, 60):
            self.plans(seconds)
            self.does("plan")
            if self.does("freeze") == 2:
                return
        raise AssertionError("too slow")

    def moment_is_over(self):
        """By this machine's clock, which is the log's too."""
        return datetime.fromisoformat(self.sources[0]["not_before"]) < datetime.now(UTC)

    def enter_in_time(self):
        """Enter the seed again and again until the log's own clock has come to the event."""
        deadline = time.monotonic() + SECONDS
        while (done := self.does("seed")) == "seed-too-early":
            assert time.monotonic() < deadline
        return done

    def desk(self):
        """Somebody who looks on."""
        index = DocumentIndex(self.machine.store, self.machine.keys)
        return closing(Desk(self.machine.log, self.machine.prefix, lambda: datetime.now(UTC), index))

    def phase(self):
        with self.desk() as desk:
            draw = desk.reading.refresh().by_id.get(self.draw_id)
            return draw and draw.phase

    def lines(self):
        """The draw's steps, as the journal has them."""
        with self.desk() as desk:
            desk.reading.refresh()
            return [line.step for line in desk.reading.journal.lines if line.draw_id == self.draw_id]

    def stop(self):
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait(30)
            process.stdout.close()


def told(process):
    answer, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    return json.loads(answer)


@pytest.fixture
def clerks(machine, tmp_path):
    made = Clerks(machine, tmp_path)
    yield made
    made.stop()


def test_a_draw_whose_processes_are_killed_until_its_freeze_is_frozen_once(clerks):
    clerks.plans(3600)
    clerks.dies("plan", "in the middle")
    assert clerks.phase() is None
    assert clerks.does("plan") == 1
    clerks.dies("freeze", "append", times=3)
    clerks.dies("freeze", "in the middle")
    assert clerks.phase() == "planned"
    both = [clerks.begins("freeze", point="in the middle"), clerks.begins("freeze")]
    assert told(both[1]) == 2
    both[0].wait(SECONDS)
    assert clerks.does("freeze") == MOVED_ON
    assert clerks.lines() == LINES[:2]
    assert chunks_twice(clerks.machine) == []
    with clerks.desk() as desk:
        assert desk.documents.get(desk.draw(clerks.draw_id).committed.sha256s["pool.tsv"]) == drawing.POOL


def test_a_draw_whose_processes_and_store_are_killed_after_its_freeze_has_one_result(clerks):
    clerks.frozen_in_time()
    clerks.machine.store.client.delete(clerks.machine.keys.documents())
    wait(clerks.moment_is_over)
    clerks.dies("seed", "in the middle")
    assert clerks.phase() == "committed"
    assert clerks.enter_in_time() == 4
    clerks.dies("run", "append")
    clerks.dies("run", "in the middle")
    assert clerks.phase() == "seeded"
    both = [clerks.begins("run", point="after"), clerks.begins("run")]
    assert told(both[1]) in (5, MOVED_ON)
    both[0].wait(SECONDS)
    assert clerks.does("run") == MOVED_ON
    assert clerks.phase() == "drawn"

    clerks.dies("propose", "in the middle")
    assert clerks.does("propose") == 6
    clerks.dies("confirm", "in the middle")
    assert clerks.does("confirm") == 7
    clerks.dies("publish", "after")
    assert clerks.does("publish") == MOVED_ON
    assert clerks.lines() == LINES
    with clerks.desk() as desk:
        assert desk.draw(clerks.draw_id).phase == "published"
        verified(desk, clerks.draw_id)
        files = desk.office.bundle(clerks.draw_id)
        assert files["pool.tsv"] == drawing.POOL
        assert refused_by(files, desk.reading.journal.content, desk.reading.journal.head) is None


def test_a_draw_that_is_given_up_by_a_process_that_is_killed_is_given_up_or_goes_on(clerks):
    clerks.plans(3600)
    assert [clerks.does("plan"), clerks.does("freeze")] == [1, 2]
    clerks.dies("abandon", "in the middle")
    assert clerks.phase() == "committed"
    clerks.dies("abandon", "after")
    assert clerks.does("abandon") == MOVED_ON
    assert clerks.lines() == [*LINES[:2], "abandoned"]


def chunks_twice(machine):
    """Parts of documents that lie on the log more than once."""
    with closing(Follower(machine.log, [TopicPartition(machine.prefix + DOCUMENTS, 0)])) as follower:
        lying = Counter((record.key, record.headers) for record in follower.news())
    return [each for each, number in lying.items() if number > 1]


def test_a_freeze_whose_broker_is_killed_is_seen_to_have_failed_and_is_gone_on_with(clerks, brokers):
    clerks.plans(3600)
    assert clerks.does("plan") == 1
    frozen = clerks.begins("freeze", point="append", times=4, what="SIGSTOP")
    wait(frozen.proof.exists)
    brokers.kill(1)
    frozen.send_signal(signal.SIGCONT)
    try:
        assert told(frozen) == "unavailable"
    finally:
        brokers.restart(1)
    assert clerks.phase() == "planned"
    assert clerks.does("freeze") == 2
    with clerks.desk() as desk:
        sha256s = desk.draw(clerks.draw_id).committed.sha256s
        assert desk.documents.get(sha256s["pool.tsv"]) == drawing.POOL
    assert clerks.lines() == LINES[:2]
