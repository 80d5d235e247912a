"""`chengxin rebuild` on a log in memory and a real store, beside workers."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from threading import Thread

import pytest
from click.testing import CliRunner

from services.cli import connect, rebuild_comparison, rulebook_sources
from services.cli import rebuild as module
from services.cli.rebuild import rebuild
from services.scoring import filling
from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import Message, TopicPartition
from shared.store.entries import parse_entries, value_of
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping
from tests.integration.scoring.world import PACE, PARTITIONS, SECONDS, TODAY, World, ids, spoil


@pytest.fixture
def world(redis_url, prefix, monkeypatch):
    world = World(redis_url, prefix)
    environment = {
        "TOPIC_PREFIX": prefix,
        "KEY_PREFIX": world.settings.key_prefix,
        "PARTITIONS": str(PARTITIONS),
        "REDIS": redis_url,
        "REDIS_CLUSTER": "false",
    }
    for name, value in environment.items():
        monkeypatch.setenv(f"CHENGXIN_{name}", value)
    monkeypatch.setattr(connect, "open_log", lambda _: world.log)
    for each in (rulebook_sources, module):
        monkeypatch.setattr(each, "now", lambda: TODAY)
    monkeypatch.setattr(Bookkeeping, "clock", lambda _: TODAY)
    monkeypatch.setattr(filling, "PACE", PACE)
    handlers = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    yield world
    for each, handler in handlers.items():
        signal.signal(each, handler)
    world.store.close()


@pytest.fixture
def live(world, facts):
    """A store that a worker has brought level with a log of many facts."""
    world.send(*facts)
    world.work()
    return world


def run(world, *options):
    return CliRunner().invoke(rebuild, ["--into-prefix", world.beside().settings.key_prefix, *options])


def compared(result):
    return json.loads(result.stdout)["compared"]


def ledger_of(world, subject):
    """The key of a ledger, and its entries."""
    key = Keys(world.settings.key_prefix).ledger(bucket_of(subject), subject)
    return key, parse_entries(subject, world.store.client.hgetall(key))


def test_the_new_store_is_the_same_and_the_log_is_as_it_was(live):
    before = {at: len(records) for at, records in live.log.records.items()}
    result = run(live, "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert (document["records"], document["compared"]["subjects"]) == (len_of(live), len(live.served()))
    assert document["compared"]["equal"]
    assert len(document["compared"]["state_hash"]) == 64
    assert live.beside().served() == live.served() == live.expected()
    assert {at: len(records) for at, records in live.log.records.items()} == before
    assert f"CHENGXIN_KEY_PREFIX={live.beside().settings.key_prefix}" in result.stderr


def len_of(world):
    return sum(len(world.log.records[at]) for at in world.subject_partitions())


def test_people_are_told_in_sentences(live):
    result = run(live)
    assert f"The same as the live store: {len(live.served())} subjects; state hash on 2026-11-20" in result.stdout


def test_another_call_finds_it_level_and_the_same(live):
    first = compared(run(live, "--json"))
    again = run(live, "--json")
    assert json.loads(again.stdout)["records"] == 0
    assert compared(again) == first


def test_a_fact_that_the_live_store_has_lost_is_named(live, facts):
    subject = facts[7]["subject"]
    key, entries = ledger_of(live, subject)
    field, fact = next(iter(entries.items()))
    live.store.client.hdel(key, field)
    result = run(live, "--json")
    assert result.exit_code == 1
    difference = compared(result)["first_difference"]
    assert difference["subject_id"] == subject
    assert difference["live_store"]["facts_missing"] == 1
    assert difference["live_store"]["first_fact"] == list(fact.identity)
    assert (difference["new_store"]["facts_missing"], difference["new_store"]["summary"]) == (0, [])


def test_a_fact_that_was_never_on_the_log_is_named(live, facts):
    subject = facts[7]["subject"]
    key, entries = ledger_of(live, subject)
    field, fact = next(iter(entries.items()))
    live.store.client.hset(key, field.replace(fact.id, "forged"), value_of(fact))
    difference = compared(run(live, "--json"))["first_difference"]
    assert difference["new_store"]["first_fact"] == [fact.source, "forged"]


def test_another_recorded_at_is_told(live, facts):
    subject = facts[7]["subject"]
    key, entries = ledger_of(live, subject)
    field, fact = next(iter(entries.items()))
    live.store.client.hset(key, field, value_of(fact._replace(recorded_at=TODAY)))
    result = run(live)
    assert result.exit_code == 1
    assert f"the first subject that differs: {subject}\n" in result.stdout
    assert f"later recorded_at in the live store: 1, the first of them {fact.source} {fact.id}" in result.stdout


def test_a_summary_that_is_not_what_the_facts_give_is_told(live, facts):
    subject = facts[7]["subject"]
    spoil(live, subject, due_on="2099-01-01")
    result = run(live)
    assert result.exit_code == 1
    assert "kept in the live store, but not what its facts give: due_on" in result.stdout


def test_the_first_in_the_order_of_subjects_is_named(live, facts):
    subjects = sorted({fact["subject"] for fact in facts}, key=lambda name: (bucket_of(name), name))
    for subject in subjects[-1], subjects[3]:
        key, entries = ledger_of(live, subject)
        live.store.client.hdel(key, next(iter(entries)))
    assert compared(run(live, "--json"))["first_difference"]["subject_id"] == subjects[3]


def test_facts_that_come_while_they_are_compared_are_no_difference(world, facts, monkeypatch):
    world.send(*facts[:150])
    world.work()
    load, calls = Ledgers.load, []

    def meanwhile(self, names):
        calls.append(names)
        if len(calls) == 2:  # the live store's, after the new one was read
            world.send(*facts[150:])
            world.work()
        return load(self, names)

    def begun(*arguments):
        monkeypatch.setattr(Ledgers, "load", meanwhile)
        return comparison(*arguments)

    comparison = rebuild_comparison.Comparison
    monkeypatch.setattr(rebuild_comparison, "Comparison", begun)
    result = run(world)
    assert result.exit_code == 0, result.output
    assert "facts came while they were read" in result.stdout
    assert world.beside().served() == world.served()


def test_live_workers_that_do_not_come_to_the_end_are_told(live, facts, monkeypatch):
    monkeypatch.setattr(rebuild_comparison, "LIVE_SECONDS", 0.5)
    case = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    live.send({**case, "id": "later", "data": {**case["data"], "case_no": "案-L"}})
    result = run(live)
    assert result.exit_code == 1
    assert "the live store is 1 records behind the log: do its workers run?" in result.stderr


def test_without_a_live_store_there_is_nothing_to_compare_with(world, facts):
    world.send(*facts)
    result = run(world)
    assert (result.exit_code, "nothing to compare with" in result.stderr) == (1, True)
    assert run(world, "--no-compare").exit_code == 0
    assert world.beside().served() == world.expected()


def test_a_store_in_use_is_not_touched(live):
    before = {key: live.store.client.dump(key) for key in live.store.client.scan_iter(f"{live.settings.key_prefix}*")}
    new = live.beside()
    new.work(until=lambda: new.served() == live.served() and not any(new.books.outbox(range(1024)).values()))
    assert "a store in use" in run(live).stderr
    same = CliRunner().invoke(rebuild, ["--into-prefix", live.settings.key_prefix])
    assert (same.exit_code, "that is the live store" in same.stderr) == (2, True)
    elsewhere = CliRunner().invoke(rebuild, ["--into", os.environ["CHENGXIN_REDIS"] + "?protocol=3"])
    assert (elsewhere.exit_code, "a store in use" in elsewhere.stderr) == (1, True)
    for key, content in before.items():
        assert live.store.client.dump(key) == content


def test_wrong_use_is_2(world):
    assert CliRunner().invoke(rebuild, []).exit_code == 2
    for options in ("--into-prefix", "No Prefix"), ("--into", "somewhere"):
        assert CliRunner().invoke(rebuild, options).exit_code == 2


def test_a_partition_that_has_stopped_is_not_gone_beyond(live):
    at = TopicPartition(live.name("enforcement.v1"), 1)
    live.breakers.write({at: replace(live.breakers.read([at])[at], opened="100 bad events in a row")})
    result = run(live)
    assert result.exit_code == 1
    assert "enforcement.v1:1 has stopped (100 bad events in a row)" in result.stderr


def test_an_interrupted_one_goes_on_where_it_was(live, monkeypatch):
    tell = module.Progress.tell

    def interrupted(self, done):
        tell(self, done)
        if done.applied:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(filling, "PACE", replace(PACE, most=40, commit_every=0.0))
    with monkeypatch.context() as stopped:
        stopped.setattr(module.Progress, "tell", interrupted)
        first = run(live)
    assert (first.exit_code, "call again to go on" in first.stderr) == (1, True)
    second = run(live, "--json")
    assert second.exit_code == 0, second.output
    assert 0 < json.loads(second.stdout)["records"] < len_of(live)


def test_following_ends_when_a_worker_takes_the_new_store_over(world, facts, monkeypatch):
    world.send(*facts[:100])
    world.work()
    new, threads = world.beside(), []

    def take_over():
        world.send(*facts[100:])
        new.work(until=lambda: new.all_committed() and not any(p.rebuilding for p in new.books.progress(range(1024))))

    def said(line):
        if line.startswith("Following"):
            threads.append(Thread(target=take_over))
            threads[0].start()
        lines.append(line)

    lines = []
    monkeypatch.setattr(module, "say", said)
    result = run(world, "--follow")
    threads[0].join(SECONDS)
    assert result.exit_code == 0, result.output
    assert lines[-1] == "Workers have taken the new store over"
    assert ids(new.told()) == ids(new.expected())


def test_poison_that_was_refused_once_is_passed_in_silence(world, facts):
    topic = world.message(facts[0]).topic
    world.log.appender().append([Message(topic, None, b"{", (), 1)] * 5)
    world.send(*facts)
    world.work()
    letters = len(world.letters())
    assert run(world).exit_code == 0
    assert len(world.letters()) == letters >= 5
