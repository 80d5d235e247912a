"""`chengxin breaker` and `chengxin recompute` on a log in memory and a real store, beside workers."""

from __future__ import annotations

import json
from threading import Thread

import pytest
from click.testing import CliRunner

from services.cli import breaker, recompute
from services.scoring import folding
from shared.eventlog.memory_writer import MemoryAppender
from shared.eventlog.port import Message, TopicPartition
from shared.events.kafka_codec import decode
from shared.projection.breaker import Tally
from tests.integration.scoring.world import PARTITIONS, World


@pytest.fixture
def world(redis_url, prefix, monkeypatch):
    world = World(redis_url, prefix)
    monkeypatch.setenv("CHENGXIN_TOPIC_PREFIX", prefix)
    monkeypatch.setenv("CHENGXIN_KEY_PREFIX", world.settings.key_prefix)
    monkeypatch.setenv("CHENGXIN_PARTITIONS", str(PARTITIONS))
    monkeypatch.setenv("CHENGXIN_REDIS", redis_url)
    monkeypatch.setattr(breaker, "open_log", lambda _: world.log)
    yield world
    world.store.close()


@pytest.fixture
def stopped(world):
    """A partition of which a run of bad events was read."""
    at = TopicPartition(world.name("enforcement.v1"), 1)
    world.log.appender().append([Message(at.topic, None, b"{", (), at.partition)] * 100)
    world.work(until=lambda: world.breakers.read([at])[at].opened)
    return at


def run(command, *arguments):
    return CliRunner().invoke(command, arguments)


def audit(world):
    records = world.log.records[TopicPartition(world.name("audit.v1"), 0)]
    return [decode(record.headers, record.value) for record in records]


def test_what_has_stopped_is_listed_with_the_reason(world, stopped):
    listed = run(breaker.breaker, "list", "--open")
    assert listed.exit_code == 1
    assert f"{stopped.topic}:1  open    100 bad events in a row" in listed.stdout
    assert json.loads(run(breaker.breaker, "list", "--json").stdout)["open"] == 1


def test_where_nothing_has_stopped_the_exit_code_is_0(world):
    assert run(breaker.breaker, "list").exit_code == 0


def test_a_closed_one_runs_on_and_the_audit_tells_who_and_why(world, stopped):
    closed = run(breaker.breaker, "close", "enforcement.v1:1", "--because", "the sender was repaired", "--by", "cli:t")
    assert (closed.exit_code, closed.stdout) == (0, f"closed {stopped.topic}:1\n")
    [told] = audit(world)
    assert told.data == {
        "topic": stopped.topic,
        "partition": 1,
        "offset": 100,
        "opened": "100 bad events in a row, the last at offset 99",
        "by": "cli:t",
        "reason": "the sender was repaired",
    }
    assert world.breakers.read([stopped])[stopped] == Tally(offset=100)


def test_what_has_not_stopped_is_told_and_left(world, stopped):
    assert run(breaker.breaker, "close", "--all", "--because", "x").exit_code == 0
    again = run(breaker.breaker, "close", "enforcement.v1:1", "--because", "x")
    assert again.exit_code == 1
    assert "has not stopped" in again.stdout
    assert len(audit(world)) == 1


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (Tally(105, 5), "was closed by somebody else meanwhile"),
        (Tally(300, 200, 200, 200, "200 of the last 200"), "has stopped anew: 200 of the last 200"),
    ],
)
def test_what_changes_while_it_is_told_is_left(world, stopped, monkeypatch, now, why):
    class Slow(MemoryAppender):
        def append(self, messages):
            world.breakers.read([stopped])
            world.breakers.write({stopped: now})
            return super().append(messages)

    monkeypatch.setattr(world.log, "appender", lambda: Slow(world.log))
    answer = run(breaker.breaker, "close", "--all", "--because", "x")
    assert (answer.exit_code, answer.stdout) == (1, f"skipped {stopped.topic}:1: it {why}\n")
    assert world.breakers.read([stopped])[stopped] == now


def test_a_crash_after_the_telling_is_made_good_by_closing_again_and_tells_nothing_new(world, stopped, monkeypatch):
    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as crashing:
        crashing.setattr(breaker.Breakers, "write", crash)
        assert run(breaker.breaker, "close", "--all", "--because", "x").exit_code == 1
    assert world.breakers.read([stopped])[stopped].opened
    assert run(breaker.breaker, "close", "--all", "--because", "x").exit_code == 0
    assert not world.breakers.read([stopped])[stopped].opened
    assert len({told.id for told in audit(world)}) == 1


@pytest.mark.parametrize("arguments", [[], ["--all", "enforcement.v1:1"], ["enforcement.v1:99"], ["nothing:0"]])
def test_a_wrong_call_closes_nothing(world, stopped, arguments):
    assert run(breaker.breaker, "close", *arguments, "--because", "x").exit_code == 2
    assert audit(world) == []


def test_a_log_that_is_down_closes_nothing(world, stopped):
    world.log.down = True
    assert run(breaker.breaker, "close", "--all", "--because", "x").exit_code == 1
    assert world.breakers.read([stopped])[stopped].opened


def fact(number):
    return {
        "specversion": "1.0",
        "source": "urn:o",
        "id": f"e-{number}",
        "type": "cn.chengxin.fleet.declared.v1",
        "subject": "shop:92320902MA1N00026Y-01",
        "time": "2026-02-01T10:00:00+08:00",
        "data": {"declared_on": "2026-02-01", "vehicles": number},
    }


@pytest.fixture
def failed(world, monkeypatch):
    """A subject that our bug failed on."""

    def fails(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(folding, "summarise", fails)
        world.send(fact(1))
        world.work()
    return fact(1)["subject"]


def test_failed_subjects_are_scored_by_the_repaired_code(world, failed):
    answers = []
    asking = Thread(target=lambda: answers.append(run(recompute.recompute, "--failed", "--json")))
    asking.start()
    world.work(until=lambda: answers)
    asking.join()
    assert json.loads(answers[0].stdout.splitlines()[-1]) == {"hold": 1, "failed": {}, "waiting": 0}
    assert answers[0].exit_code == 0
    assert "failed" not in world.served()[failed]


def test_what_fails_again_is_told_by_its_name_and_with_the_version_of_the_code(world, failed, monkeypatch):
    monkeypatch.setattr(folding, "summarise", lambda *_: 1 / 0)
    answers = []
    asking = Thread(target=lambda: answers.append(run(recompute.recompute, "--subject", failed)))
    asking.start()
    world.work(until=lambda: answers)
    asking.join()
    assert answers[0].exit_code == 1
    assert "0 hold, 1 failed again, 0 still to do" in answers[0].stdout
    assert f"{failed} failed under version {folding.CODE}" in answers[0].stdout


def test_without_a_worker_it_says_how_many_are_left(world, failed):
    answer = run(recompute.recompute, "--failed", "--wait", "0")
    assert (answer.exit_code, answer.stdout) == (1, "0 hold, 0 failed again, 1 still to do\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 2),
        (["--failed", "--subject", "x"], 2),
        (["--subject", "x"], 2),
        (["--subject", "shop:92320902MA1N00026Y"], 1),
    ],
)
def test_a_wrong_call_recomputes_nothing(world, arguments, code):
    assert run(recompute.recompute, *arguments).exit_code == code
