"""A store is filled beside the live one, in silence, and a worker that takes it over goes on where it stopped."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import replace
from threading import Event as Flag
from threading import Thread

import pytest

from services.lookup.store_reader import StoreReader
from services.scoring import bootstrap
from services.scoring.filling import TakenOver, may_be_filled
from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import BeyondEnd
from shared.store.filled import Rebuilding
from shared.store.keys import Keys, field_of
from shared.store.subjects import NotReady, Subjects
from tests.integration.scoring.world import PACE, PARTITIONS, SECONDS, TODAY, ids
from tests.support.waiting import until


@pytest.fixture
def new(world):
    return world.beside()


def filling(new, tell=lambda _: None, pace=PACE):
    return bootstrap.filling(
        new.settings, new.log, new.store, tell=tell, clock=lambda: TODAY, witness=lambda: TODAY, pace=pace
    )


def fill(new, **more):
    """Fill it to the log's end."""
    with closing(filling(new, **more)) as one:
        one.level(Flag())


@contextmanager
def followed(new, one=None):
    """Fill it and keep it level; the answer has what ended it."""
    one, stop, ended = one or filling(new), Flag(), []

    def run():
        try:
            one.follow(stop)
        except TakenOver as error:
            ended.append(error)

    thread = Thread(target=run)
    thread.start()
    try:
        yield ended
    finally:
        stop.set()
        thread.join(SECONDS)
        one.close()
    assert not thread.is_alive()


def ledgers(world):
    return {subject: each.entries for subject, each in world.ledgers.load(list(world.served())).items()}


def log_of(world):
    return {at: list(records) for at, records in world.log.records.items()}


def reader_of(world):
    def committed(number):
        return {field_of(at): offset for at, offset in world.committed().items() if at.partition == number}

    return StoreReader(world.store, Keys(world.settings.key_prefix), PARTITIONS, committed)


def taken_over(new):
    return not any(each.rebuilding for each in new.books.progress(range(1024)))


def test_what_is_filled_beside_is_what_the_worker_has_and_nobody_hears_of_it(world, new, facts):
    unknown = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    bad = {**unknown, "id": "unknown", "data": {**unknown["data"], "violation_code": "SP-99"}}
    world.send(*facts, bad, *facts[::5])
    world.work()
    before, committed = log_of(world), world.committed()
    fill(new)
    assert new.served() == world.served() == world.expected()
    assert ledgers(new) == ledgers(world)
    assert (log_of(world), world.committed()) == (before, committed)
    assert not any(new.books.outbox(range(1024)).values())
    assert list(new.store.client.scan_iter(f"{new.settings.key_prefix}breaker:*")) == []


def test_it_stops_in_the_middle_and_another_call_goes_on_from_there(world, new, facts):
    world.send(*facts)
    stop, told = Flag(), []

    def tell(done):
        told.append(done)
        if done.applied:
            stop.set()

    one = filling(new, tell=tell, pace=replace(PACE, most=40, commit_every=0.0))
    one.level(stop)
    one.close()
    assert 0 < told[-1].applied < told[-1].end == len(facts)
    assert may_be_filled(new.books.progress(range(1024)))
    with pytest.raises(NotReady, match="being rebuilt"):
        Subjects(new.store, Keys(new.settings.key_prefix)).applied_until(PARTITIONS)
    with pytest.raises(Rebuilding):
        reader_of(new).head(facts[-1]["subject"])
    kept = told.pop().applied
    told.clear()
    fill(new, tell=told.append, pace=replace(PACE, most=40, commit_every=0.0))
    assert told[0].applied == kept
    assert new.served() == world.expected()


def test_a_store_that_a_worker_has_is_not_filled(world, new, facts):
    world.send(*facts)
    world.work()
    assert not may_be_filled(world.books.progress(range(1024)))
    assert may_be_filled(new.books.progress(range(1024)))


def test_a_level_store_is_readable_before_a_worker_takes_it_over(world, new, facts):
    world.send(*facts)
    world.work()
    fill(new)
    reader = reader_of(new)
    served = world.served()
    assert {subject: reader.head(subject).summary for subject in served} == served
    assert Subjects(new.store, Keys(new.settings.key_prefix)).applied_until(PARTITIONS) == TODAY


def test_a_worker_that_takes_it_over_tells_nothing_that_was_told(world, new, facts):
    world.send(*facts)
    world.work()
    before = log_of(world)
    fill(new)
    new.work(until=lambda: taken_over(new) and new.all_committed())
    assert log_of(world) == before
    assert new.served() == world.expected()


def test_a_worker_that_takes_it_over_reads_what_came_since_the_filling_and_loses_and_doubles_nothing(world, new, facts):
    world.send(*facts[:130])
    world.work()
    fill(new)
    world.send(*facts[130:200])
    world.work()  # the live worker goes on
    world.send(*facts[200:])  # and stops before these
    before = {at: len(records) for at, records in world.log.records.items()}
    told = ids(world.told())
    new.work(until=lambda: taken_over(new) and new.all_committed())
    assert new.served() == new.expected()
    assert ids(new.told()) == ids(new.expected())
    scores = [at for at in before if at.topic == world.name("scores.v1")]
    subjects = [record.key.decode() for at in scores for record in world.log.records[at][before[at] :]]
    assert sorted(subjects) == sorted(subject for subject, id_ in ids(new.told()).items() if told.get(subject) != id_)
    letters = [letter.identity for letter in new.letters()]
    assert len(letters) == len(set(letters))


def test_what_the_live_store_had_told_wrongly_is_told_right(world, new, facts):
    world.send(*facts)
    world.work()
    fill(new)
    subject = facts[0]["subject"]
    ledger = Keys(world.settings.key_prefix).ledger(bucket_of(subject), subject)
    [field] = [key for key in world.store.client.hkeys(ledger) if facts[0]["id"].encode() in key.split(b"\n")]
    world.store.client.hdel(ledger, field)  # some fault lost a case
    world.ledgers.set_due([subject], 0)
    world.work(until=lambda: ids(world.told()) != ids(world.expected()) and world.all_committed())
    before = sum(map(len, world.log.records.values()))
    new.work(until=lambda: taken_over(new) and new.all_committed())
    assert sum(map(len, world.log.records.values())) == before + 1
    assert ids(new.told()) == ids(new.expected())


def test_letters_and_states_that_the_live_worker_had_not_written_are_written_once(world, new, facts):
    case = next(fact for fact in facts if fact["type"] == "cn.chengxin.case.decided.v1")
    world.send(*facts[:100])
    world.work()
    world.send({**case, "id": "unknown", "data": {**case["data"], "violation_code": "SP-99"}}, *facts[100:])
    fill(new)  # ahead of the live worker
    assert len(new.letters()) == len(world.letters())
    before = len(world.letters())
    new.work(until=lambda: taken_over(new) and new.all_committed())
    assert len([letter for letter in world.letters()[before:] if letter.reason == "unknown-code"]) == 1
    assert ids(new.told()) == ids(new.expected())


def test_following_keeps_it_level_until_a_worker_takes_it_over(world, new, facts):
    world.send(*facts[:100])
    world.work()
    with followed(new) as ended:
        until(lambda: new.served() == world.served())
        world.send(*facts[100:])
        until(lambda: new.served() == new.expected())
        assert not ended
        new.work(until=lambda: taken_over(new) and new.all_committed())
        until(lambda: ended)
    assert ids(new.told()) == ids(new.expected())


def test_it_does_not_claim_again_what_a_worker_has_taken_over_while_the_log_was_down(world, new, facts):
    world.send(*facts)
    one = filling(new)
    one.level(Flag())
    new.work(until=lambda: taken_over(new) and new.all_committed())
    before = {key: new.store.client.dump(key) for key in new.store.client.scan_iter(f"{new.settings.key_prefix}*")}
    world.log.down = True
    with followed(new, one) as ended:
        Flag().wait(0.3)
        world.log.down = False
        until(lambda: ended)
    after = {key: new.store.client.dump(key) for key in new.store.client.scan_iter(f"{new.settings.key_prefix}*")}
    assert after == before


def test_a_store_that_is_ahead_of_the_log_is_not_filled(world, new, facts):
    world.send(*facts)
    fill(new)
    at = next(at for at in world.subject_partitions() if world.log.records[at])
    del world.log.records[at][-1]
    with pytest.raises(BeyondEnd):
        fill(new)


def test_a_log_that_is_down_is_waited_for(world, new, facts):
    world.send(*facts)
    world.log.down = True
    up = Thread(target=lambda: (Flag().wait(0.3), setattr(world.log, "down", False)))
    up.start()
    fill(new)
    up.join()
    assert new.served() == world.expected()
