"""The reader of subjects on a real store: what is there, what is not, and what cannot be said yet."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.lookup.store_reader import StoreReader
from shared.credit.facts import Fact
from shared.embedded.ports import choose
from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import TopicPartition
from shared.store.client import Store, StoreUnavailable
from shared.store.entries import field_of
from shared.store.filled import Filled, Rebuilding
from shared.store.keys import Keys
from shared.store.keys import field_of as position_of
from shared.store.ledgers import Change, Ledgers, Version
from shared.store.progress import Bookkeeping
from shared.store.tenure import Tenure
from tests.support.progress import progress_of

SHOP = "shop:92320902MA1N00026Y-01"
OTHER = "shop:92320902MA1N00026Y-02"
PARTITIONS = 4
APPLIED = datetime(2026, 3, 1, tzinfo=UTC)
DAY = date(2026, 3, 1).toordinal()
FACT = Fact("s", "1", "cn.chengxin.fleet.declared.v1", SHOP, "2026-02-01T10:00:00+08:00", {"vehicles": 1}, APPLIED)


class Corner:
    """A part of the store, as a worker leaves it."""

    def __init__(self, url, prefix):
        self.store = Store(url)
        keys = Keys(prefix.replace(".", ":"))
        self.ledgers, self.books = Ledgers(self.store, keys), Bookkeeping(self.store, keys)
        self.tenure, self.committed = Tenure(), {}
        self.reader = StoreReader(self.store, keys, PARTITIONS, lambda _: self.committed)
        self.prefix = keys.prefix

    def begin(self, *subjects):
        for bucket in map(bucket_of, subjects):
            self.books.claim([bucket], self.tenure)
            self.books.advance({bucket: progress_of({TopicPartition("t", bucket % PARTITIONS): 1})}, self.tenure)
            self.books.set_applied([bucket % PARTITIONS], APPLIED)

    def keep(self, summary):
        version = Version("digest", 2, DAY)
        assert not self.ledgers.apply(
            [Change(SHOP, "", version, {field_of(FACT): FACT}, summary, None, False)], self.tenure
        )


@pytest.fixture
def corner(redis_url, prefix):
    corner = Corner(redis_url, prefix)
    yield corner
    corner.store.close()


def test_a_subject_that_is_kept_is_read_with_what_it_rests_on(corner):
    corner.begin(SHOP)
    corner.keep({"due_on": None})
    head = corner.reader.head(SHOP)
    assert (head.summary, head.rulebooks, head.day, head.applied_until) == ({"due_on": None}, 2, DAY, APPLIED)
    assert (head.failed, head.digest) == (False, "digest")
    assert corner.reader.facts(SHOP) == [FACT]


def test_a_subject_that_nothing_named_is_unknown(corner):
    corner.begin(OTHER)
    assert corner.reader.head(OTHER) is None


def test_a_failed_subject_is_told_from_the_others(corner):
    corner.begin(SHOP)
    corner.keep({"failed": "0.1.0"})
    assert corner.reader.head(SHOP).failed


def test_an_empty_store_knows_nothing_and_says_so_instead_of_unknown(corner):
    with pytest.raises(Rebuilding) as raised:
        corner.reader.head(SHOP)
    assert raised.value.behind is None


def test_a_bucket_that_lost_its_progress_is_not_believed(corner):
    corner.begin(SHOP)
    corner.keep({"due_on": None})
    for key in corner.store.client.scan_iter(f"{corner.prefix}*progress*"):
        corner.store.client.delete(key)
    with pytest.raises(Rebuilding):
        corner.reader.head(SHOP)


def test_a_bucket_behind_what_the_workers_told_the_log_lies_in_a_store_that_was_set_back(corner):
    corner.begin(SHOP)
    corner.keep({"due_on": None})
    field = position_of(TopicPartition("t", bucket_of(SHOP) % PARTITIONS))
    corner.committed[field] = 1
    assert corner.reader.head(SHOP)
    corner.committed[field] = 2
    with pytest.raises(Rebuilding):
        corner.reader.head(SHOP)


@pytest.mark.parametrize("read", ["head", "facts"])
def test_a_worker_that_goes_on_while_a_subject_is_read_makes_no_store_seem_set_back(corner, monkeypatch, read):
    corner.begin(SHOP)
    corner.keep({"due_on": None})
    at, refuse = TopicPartition("t", bucket_of(SHOP) % PARTITIONS), Filled.refuse

    def goes_on(filled, read):
        corner.books.advance({bucket_of(SHOP): progress_of({at: 2})}, corner.tenure)
        corner.committed[position_of(at)] = 2
        refuse(filled, read)

    monkeypatch.setattr(Filled, "refuse", goes_on)
    assert getattr(corner.reader, read)(SHOP)


@pytest.mark.parametrize("read", ["head", "facts"])
def test_a_store_that_is_set_back_while_a_subject_is_read_is_not_believed(corner, monkeypatch, read):
    corner.begin(SHOP)
    corner.keep({"due_on": None})
    pipelined, at = corner.store.pipelined, TopicPartition("t", bucket_of(SHOP) % PARTITIONS)

    def set_back(ask, items):
        """What the workers wrote and told the log just now is lost when the first answer comes."""
        corner.committed[position_of(at)] = 2
        return pipelined(ask, items)

    monkeypatch.setattr(corner.store, "pipelined", set_back)
    with pytest.raises(Rebuilding):
        getattr(corner.reader, read)(SHOP)


def test_several_subjects_are_read_at_once(corner):
    corner.begin(SHOP, OTHER)
    corner.keep({"due_on": None})
    assert corner.reader.heads([OTHER, SHOP]) == {SHOP: corner.reader.head(SHOP)}
    assert corner.reader.heads([]) == {}


def test_a_bucket_that_is_rebuilt_tells_how_far_it_is_behind(corner):
    corner.begin(SHOP)
    corner.keep({"due_on": None})
    bucket = bucket_of(SHOP)
    at = TopicPartition("t", bucket % PARTITIONS)
    corner.books.advance({bucket: progress_of({at: 1}, {at: 10})}, corner.tenure)
    with pytest.raises(Rebuilding) as raised:
        corner.reader.head(SHOP)
    assert raised.value.behind == 9
    corner.books.advance({bucket: progress_of({at: 1})}, corner.tenure)
    assert corner.reader.head(SHOP)


def test_a_store_that_is_not_there_is_down(prefix):
    corner = Corner(f"redis://127.0.0.1:{choose()}/0", prefix)
    try:
        for act in (corner.reader.head, corner.reader.facts):
            with pytest.raises(StoreUnavailable):
                act(SHOP)
    finally:
        corner.store.close()
