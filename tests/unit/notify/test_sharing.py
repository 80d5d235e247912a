"""Whoever is slow to answer holds up himself alone, with however many subscriptions."""

from concurrent.futures import Future
from datetime import UTC, datetime
from threading import Event
from types import SimpleNamespace

import pytest

from services.notify.pace import Sending
from services.notify.sending import Outcome
from shared.store.deliveries import State

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HOLDERS = {"slow-1": "a", "slow-2": "a", "other": "b"}


class Pool:
    """Nothing that is submitted ends by itself."""

    def __init__(self):
        self.futures = []

    def submit(self, *_):
        self.futures.append(Future())
        return self.futures[-1]


def test_the_subscriptions_of_one_key_share_what_one_of_them_may_take():
    sender = SimpleNamespace(holder=HOLDERS.__getitem__)
    sending, pool = Sending(None, sender, None, lambda: NOW), Pool()
    for name in ("slow-1", "slow-2") * 2:
        assert sending._may(name, 0)
        sending._begin(pool, SimpleNamespace(subscription_id=name))
    assert not sending._may("slow-1", 0)
    assert not sending._may("slow-2", 0)
    assert sending._may("other", 0)
    pool.futures[0].set_result(None)
    assert sending._may("slow-2", 0)


def test_what_waits_for_several_who_are_no_more_is_found_by_one_look_at_the_keys():
    looks, dropped = [], []
    lanes = SimpleNamespace(
        subscriptions=lambda: set(HOLDERS), drop=lambda name: dropped.append(name) or [], resumed=lambda _: None
    )
    sender = SimpleNamespace(live=lambda: looks.append(True) or {"other"})
    Sending(lanes, sender, SimpleNamespace(states=dict), lambda: NOW)._look()
    assert sorted(dropped) == ["slow-1", "slow-2"]
    assert len(looks) == 1


def test_who_is_resumed_rests_no_longer_though_another_worker_has_failed_with_him_since():
    states = {"other": State(9, resumed_at=None)}
    lanes = SimpleNamespace(subscriptions=set, resumed=lambda _: None)
    sending = Sending(lanes, SimpleNamespace(holder=HOLDERS.get), SimpleNamespace(states=lambda: states), lambda: NOW)
    sending._look()
    sending._rest("other", Outcome(500, "answered"))
    assert not sending._may("other", 0)
    states = {"other": State(1, resumed_at=NOW.isoformat())}
    sending._looked = float("-inf")
    sending._look()
    assert sending._may("other", 0)


def test_before_it_is_known_who_has_subscribed_nothing_is_forgotten():
    stop, asked = Event(), []

    def ready():
        asked.append(True)
        if len(asked) == 3:
            stop.set()
        return False

    kept = SimpleNamespace(states=lambda: pytest.fail("it looked who is there no more"))
    Sending(None, None, kept, lambda: NOW, ready).run(stop)
    assert len(asked) == 3
