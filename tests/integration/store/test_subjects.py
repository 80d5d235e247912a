"""Every subject of a real store, one server or a cluster, and when it is too early to speak of all."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.credit.facts import Fact
from shared.eventlog.partitioner import BUCKETS, bucket_of
from shared.eventlog.port import TopicPartition
from shared.store.client import Store, StoreUnavailable
from shared.store.entries import digest_of, field_of
from shared.store.keys import Keys
from shared.store.ledgers import Change, Ledgers, Version
from shared.store.progress import Bookkeeping
from shared.store.subjects import NotReady, Subjects
from shared.store.tenure import Tenure
from tests.support.progress import progress_of

PARTITIONS = 4
APPLIED = datetime(2026, 3, 1, tzinfo=UTC)
NAMES = [f"shop:one-{number}" for number in range(700)]


@pytest.fixture
def keys(prefix):
    return Keys(prefix)


@pytest.fixture
def tenure():
    return Tenure()


@pytest.fixture
def books(store, keys, tenure):
    books = Bookkeeping(store, keys)
    books.claim(range(BUCKETS), tenure)
    books.advance({b: progress_of({TopicPartition("t", b % PARTITIONS): 5}) for b in range(BUCKETS)}, tenure)
    for number in range(PARTITIONS):
        books.set_applied([number], APPLIED + timedelta(seconds=number))
    return books


def fact(subject):
    return Fact("urn:o", "1", "cn.chengxin.fleet.declared.v1", subject, "2026-02-01T10:00:00+08:00", {}, APPLIED)


def test_all_are_read_with_their_facts(store, keys, tenure):
    Bookkeeping(store, keys).claim(range(BUCKETS), tenure)
    changes = []
    for name in NAMES:
        added = {field_of(fact(name)): fact(name)}
        changes.append(Change(name, "", Version(digest_of("", added.items(), ()), 1, 1), added, {}, None, False))
    assert Ledgers(store, keys).apply(changes, tenure) == []
    subjects = Subjects(store, keys)
    assert subjects.count() == len(NAMES)
    read = {name: facts for names in subjects.names() for name, facts in subjects.facts(names).items()}
    assert read == {name: [fact(name)] for name in NAMES}


def test_it_is_ready_when_every_bucket_is(store, keys, books):
    assert Subjects(store, keys).applied_until(PARTITIONS) == APPLIED


def test_an_empty_store_is_not(store, keys):
    with pytest.raises(NotReady, match="have not filled the store"):
        Subjects(store, keys).applied_until(PARTITIONS)


def test_one_bucket_without_positions_is_enough_to_wait_for(store, keys, books):
    store.client.delete(keys.progress(bucket_of(NAMES[0])))
    with pytest.raises(NotReady):
        Subjects(store, keys).applied_until(PARTITIONS)


def test_a_rebuild_is_waited_for(store, keys, books, tenure):
    at = TopicPartition("t", 3)
    books.advance({7: progress_of({at: 5}, {at: 12})}, tenure)
    with pytest.raises(NotReady, match="still to come: 7 or more"):
        Subjects(store, keys).applied_until(PARTITIONS)


def test_no_store():
    nowhere = Subjects(Store("redis://127.0.0.1:1", timeout=0.2), Keys("t:"))
    with pytest.raises(StoreUnavailable):
        nowhere.count()
