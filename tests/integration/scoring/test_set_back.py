"""A store that comes back without what it had acknowledged is seen and read up to again, and nobody is told wrongly."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import pytest

from services.lookup.store_reader import StoreReader
from services.scoring import bootstrap
from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import BeyondEnd
from shared.store.filled import Rebuilding
from shared.store.keys import Keys, field_of
from tests.integration.scoring.world import PARTITIONS, TODAY, ids
from tests.support.waiting import until


def keys(world):
    return list(world.store.client.scan_iter(f"{world.settings.key_prefix}*", count=10_000))


def kept(world):
    """The store as it is."""
    return {key: world.store.client.dump(key) for key in keys(world)}


def set_back(world, state):
    """At once, as a store that starts again does it: key by key, it would be set back while it is filled."""
    with world.store.client.pipeline(transaction=True) as together:
        for key in keys(world):
            together.delete(key)
        for key, content in state.items():
            together.restore(key, 0, content, replace=True)
        together.execute()


def readable(world):
    return not any(progress.rebuilding or not progress.positions for progress in world.books.progress(range(1024)))


def whole(world):
    return world.all_committed() and readable(world) and world.served() == world.expected()


@contextmanager
def during(world, act):
    """Do something beside the worker once it has nothing left to do."""
    done = []

    def run():
        until(world.all_committed)
        act()
        done.append(1)

    thread = Thread(target=run)
    thread.start()
    yield lambda: bool(done)
    thread.join()


@pytest.mark.parametrize("lost", ["apply", "advance"])
@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_write_that_is_lost_between_two_calls_is_made_again(world, facts, monkeypatch, lost, call):
    run, calls = world.store.run, []

    def loses(name, arguments):
        before = kept(world) if name == lost and len(calls) == call - 1 else None
        answers = run(name, arguments)
        if name == lost:
            calls.append(name)
            if before is not None:
                set_back(world, before)  # and the client has noticed nothing
        return answers

    monkeypatch.setattr(world.store, "run", loses)
    world.pace = replace(world.pace, most=40)
    world.send(*facts)
    world.work()
    assert len(calls) > call
    assert world.served() == world.expected()
    assert ids(world.told()) == ids(world.served())


def test_a_store_that_is_emptied_while_no_event_comes_is_filled_again(world, facts):
    world.send(*facts)
    with during(world, lambda: set_back(world, {})) as done:
        world.work(until=lambda: done() and whole(world))


def test_a_store_that_is_set_back_while_no_event_comes_is_read_up_to_again(world, facts):
    world.send(*facts[:130])
    world.work()
    older = kept(world)
    world.send(*facts[130:])
    with during(world, lambda: set_back(world, older)) as done:
        world.work(until=lambda: done() and whole(world))


def test_readers_never_see_a_store_that_was_set_back(world, facts):
    def committed(number):
        return {field_of(at): offset for at, offset in world.committed().items() if at.partition == number}

    reader = StoreReader(world.store, Keys(world.settings.key_prefix), PARTITIONS, committed)
    world.send(*facts[:130])
    world.work()
    older = kept(world)
    world.send(*facts[130:])
    world.work()
    changed = {fact["subject"] for fact in facts[130:]}
    assert {subject: reader.head(subject).summary for subject in changed} == {s: world.expected()[s] for s in changed}
    set_back(world, older)
    moved = {at.partition for at in world.subject_partitions()}
    for subject in changed:
        assert bucket_of(subject) % PARTITIONS in moved
        with pytest.raises(Rebuilding):
            reader.head(subject)
    world.work(until=lambda: whole(world))
    assert {subject: reader.head(subject).summary for subject in changed} == {s: world.expected()[s] for s in changed}


def test_while_a_store_is_rebuilt_subscribers_are_told_nothing_that_lacks_what_they_were_told_before(world, facts):
    world.send(*facts[::2])
    world.work()
    before = {at: len(records) for at, records in world.log.records.items()}
    world.send(*facts[1::2])
    set_back(world, {})
    world.pace = replace(world.pace, most=20)
    world.work(until=lambda: whole(world))
    expected = ids(world.expected())
    scores = [at for at in world.log.records if at.topic == world.name("scores.v1")]
    told = [record for at in scores for record in world.log.records[at][before[at] :]]
    assert told
    assert {(r.key.decode(), dict(r.headers)["ce_id"].decode()) for r in told} <= set(expected.items())
    assert ids(world.told()) == expected


def test_a_store_that_is_ahead_of_the_log_stops_the_worker(world, facts):
    world.send(*facts)
    world.work()
    at = next(at for at in world.subject_partitions() if world.log.records[at])
    del world.log.records[at][-1]
    scoring = bootstrap.projection(world.settings, world.log, world.store, clock=lambda: TODAY, witness=lambda: TODAY)
    owned = frozenset(world.subject_partitions())
    with pytest.raises(BeyondEnd):
        scoring.start(world.log.assign(owned), owned, {})
