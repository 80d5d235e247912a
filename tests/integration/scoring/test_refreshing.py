"""Summaries that end to be true though no fact came: days, rulebooks, repairs, and the clock by which days are told."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

from services.scoring import folding
from shared.store.progress import Bookkeeping
from tests.integration.scoring.world import PARTITIONS, TODAY, ids
from tests.support.waiting import until

LATER = TODAY + timedelta(days=40)


def test_a_day_that_comes_changes_what_is_due_and_tells_it(world, facts):
    world.send(*facts)
    world.work()
    before = world.served()
    world.work(until=lambda: ids(world.told()) == ids(world.expected(LATER)), clock=lambda: LATER)
    assert world.books.swept(range(PARTITIONS)) == [LATER.date()] * PARTITIONS
    assert ids(before) != ids(world.served()) == ids(world.expected(LATER))


def test_a_sweep_is_told_of_when_nothing_of_it_has_yet_to_go_out(world, facts, monkeypatch):
    set_swept, seen = Bookkeeping.set_swept, []

    def telling(self, partitions, day):
        seen.append((day, ids(world.told())))
        set_swept(self, partitions, day)

    world.send(*facts)
    world.work()
    monkeypatch.setattr(Bookkeeping, "set_swept", telling)
    world.work(until=lambda: world.books.swept(range(PARTITIONS)) == [LATER.date()] * PARTITIONS, clock=lambda: LATER)
    assert seen[-1] == (LATER.date(), ids(world.expected(LATER)))


def test_what_a_clock_that_was_ahead_has_made_is_made_again(world, facts):
    world.send(*facts)
    world.work(clock=lambda: LATER)
    world.work(until=lambda: ids(world.told()) == ids(world.expected()))
    assert ids(world.served()) == ids(world.expected())


def test_midnight_comes_to_a_worker_that_runs(world, facts):
    world.send(*facts)
    now = [TODAY]

    def turn():
        until(lambda: world.serves(facts) and world.all_committed())
        now[0] = LATER

    midnight = Thread(target=turn)
    midnight.start()
    world.work(until=lambda: ids(world.told()) == ids(world.expected(LATER)), clock=lambda: now[0])
    midnight.join()


def test_a_rulebook_is_taken_up_by_a_worker_that_runs(bare_world, facts):
    world = bare_world
    world.publish("*-v1.yaml")
    world.send(*facts)

    def publish():
        until(lambda: world.serves(facts) and world.all_committed())
        world.before = world.served()
        world.publish("*.yaml")

    publisher = Thread(target=publish)
    publisher.start()
    world.work(until=lambda: world.served() == world.expected() and ids(world.told()) == ids(world.served()))
    publisher.join()
    assert world.before != world.served()


def test_subjects_that_our_bug_failed_on_come_back_with_the_repair(world, facts, monkeypatch):
    poisoned, real = facts[0]["subject"], folding.summarise

    def fails(subject_id, *rest):
        if subject_id == poisoned:
            raise ZeroDivisionError
        return real(subject_id, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(folding, "summarise", fails)
        broken.setattr(folding, "CODE", "0.broken")
        world.send(*facts)
        world.work()
        assert world.ledgers.failed(range(1024)) == {poisoned: "0.broken"}
    world.work(until=lambda: world.served() == world.expected())
    assert world.ledgers.failed(range(1024)) == {}


def test_what_is_set_due_is_recomputed_though_the_code_is_the_same(world, facts, monkeypatch):
    poisoned, real = facts[0]["subject"], folding.summarise

    def fails(subject_id, *rest):
        if subject_id == poisoned:
            raise ZeroDivisionError
        return real(subject_id, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(folding, "summarise", fails)
        world.send(*facts)
        world.work()
    world.work(until=lambda: world.books.swept(range(PARTITIONS)) == [TODAY.date()] * PARTITIONS)
    assert poisoned in world.ledgers.failed(range(1024))
    world.ledgers.set_due([poisoned], 0)
    world.work(until=lambda: world.served() == world.expected())


def test_a_worker_whose_clock_is_hours_off_does_nothing_until_it_is_right(world, facts):
    world.send(*facts)
    wrong, asked = TODAY + timedelta(hours=5), []

    def witness():
        asked.append(1)
        return TODAY

    world.work(until=lambda: len(asked) > 5, clock=lambda: wrong, witness=witness)
    assert world.served() == {}
    assert world.told() == {}
    world.work()
    assert world.served() == world.expected()
