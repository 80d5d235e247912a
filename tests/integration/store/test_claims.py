"""Claims on a real store: of many that ask at once one has it, and asking twice is asking once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from shared.store.claims import SECONDS, Claims
from shared.store.keys import Keys


@pytest.fixture
def keys():
    return Keys(f"test-{uuid4().hex}:")


def test_of_many_at_once_one_has_it(store, keys):
    claims = Claims(store, keys)
    with ThreadPoolExecutor(16) as threads:
        taken = list(threads.map(lambda number: claims.take("code:1", f"by-{number}"), range(64)))
    assert taken.count(True) == 1
    assert claims.take("code:2", "another")


def test_asking_again_says_the_same(store, keys):
    claims = Claims(store, keys)
    assert [claims.take("code:1", who) for who in ("a", "a", "b", "a")] == [True, True, False, True]


def test_what_is_left_another_may_have(store, keys):
    claims = Claims(store, keys)
    claims.take("code:1", "a")
    claims.leave("code:1")
    assert claims.take("code:1", "b")


def test_it_ends_by_itself(store, keys):
    Claims(store, keys).take("code:1", "a")
    assert 0 < store.client.ttl(keys.claim("code:1")) <= SECONDS
