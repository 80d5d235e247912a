"""The scoring worker on a store in cluster mode, where whatever crosses slots or asks no node in particular fails."""

from __future__ import annotations

from functools import partial

import pytest

from shared.store.client import Store
from tests.integration.scoring import world as harness
from tests.integration.scoring.world import ids


@pytest.fixture
def world(valkey_cluster, prefix, monkeypatch):
    monkeypatch.setattr(harness, "Store", partial(Store, cluster=True))
    world = harness.World(valkey_cluster, prefix)
    yield world
    world.store.close()


def test_what_is_served_and_told_is_the_pure_function_of_the_facts(world, facts):
    world.send(*facts)
    clock = world.books.clock()
    world.work(witness=lambda: harness.TODAY + (world.books.clock() - clock))
    assert world.served() == world.expected()
    assert ids(world.told()) == ids(world.served())
