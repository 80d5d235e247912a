"""Counting over all buckets, on a real server and on a cluster of one node."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.eventlog.partitioner import BUCKETS, bucket_of
from shared.store.counts import Counting, Counts
from shared.store.entries import EMPTY
from shared.store.keys import Keys
from shared.store.ledgers import Change, Ledgers, Version
from shared.store.progress import Bookkeeping
from shared.store.tenure import Tenure

DAY, NOW = date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC)
SHOPS = [f"shop:92320902MA1N00026Y-{number:02}" for number in range(1, 10)]


@pytest.fixture
def counting(store, prefix):
    return Counting(store, Keys(prefix))


@pytest.fixture
def keep(store, prefix):
    """Keep a subject's summary that rests on so many rulebooks."""
    ledgers, tenure = Ledgers(store, Keys(prefix)), Tenure()
    Bookkeeping(store, Keys(prefix)).claim(range(BUCKETS), tenure)

    def keep(subject, rulebooks, *, due=None, tell=False, failed=""):
        version = Version("d" * 32, rulebooks, DAY.toordinal())
        assert ledgers.apply([Change(subject, EMPTY, version, {}, {}, due, tell, failed)], tenure) == []

    return keep


def test_an_empty_store_has_nothing(counting):
    assert counting.counts(8, DAY) == Counts(0, 0, 0, 0, 0, 0, None, None, None)
    assert counting.outdated(6) == 0


def test_each_is_counted_by_what_it_waits_for(counting, keep):
    today = DAY.toordinal()
    for number, subject in enumerate(SHOPS):
        keep(subject, number % 3, due=today + number - 4, tell=number > 6, failed="0.1" if number == 5 else "")
    assert len({bucket_of(subject) for subject in SHOPS}) > 1
    assert counting.counts(8, DAY)[:4] == (9, 1, 2, 5)
    assert [counting.outdated(number) for number in range(4)] == [0, 3, 6, 9]


def test_the_oldest_change_that_has_yet_to_go_out_says_since_when(store, prefix, counting):
    times = iter(NOW + timedelta(seconds=number) for number in range(2 * BUCKETS))
    books, tenure = Bookkeeping(store, Keys(prefix)), Tenure(lambda: next(times))
    books.claim(range(BUCKETS), tenure)
    first = NOW + timedelta(seconds=BUCKETS)
    for subject in SHOPS:
        books.put_out({bucket_of(subject): [subject]}, tenure)
    assert counting.counts(8, DAY).outbox_since == first
    books.trim(books.outbox([bucket_of(SHOPS[0])]))
    assert counting.counts(8, DAY).outbox_since > first


def test_the_sweep_is_as_late_as_the_latest_of_all_partitions(store, prefix, counting):
    books = Bookkeeping(store, Keys(prefix))
    books.set_swept(range(1, 8), DAY)
    assert counting.counts(8, DAY).late_days(DAY) is None
    books.set_swept([0], date(2026, 2, 27))
    assert counting.counts(8, DAY).late_days(DAY) == 2
    books.set_swept([0], date(2026, 3, 2))
    assert counting.counts(8, DAY).late_days(DAY) == 0
