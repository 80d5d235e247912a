"""The directory's worker on a log in memory and a real store: whatever happens, the last states are what is filed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.eventlog.port import BeyondEnd, Message
from shared.store.client import StoreUnavailable
from shared.store.progress import OtherPartitions
from tests.integration.scoring.world import PARTITIONS, TODAY
from tests.support.stopping import stop_soon

SHOPS = [f"shop:92320902MA1N00026Y-{number:02d}" for number in range(1, 25)]


class Killed(BaseException):
    """As by SIGKILL: nothing of the worker goes on."""


def names(town, county="320902"):
    return {subject: facets for subject, here, facets in town.filed() if here == county}


@pytest.fixture
def street(town):
    """A street of shops, scored and filed."""
    for number, shop in enumerate(SHOPS):
        town.register(shop, region="320902001001" if number % 2 else "320903001001", name=f"第{number}小吃店")
    town.work()
    town.file()
    return town


def test_what_is_filed_follows_from_the_last_states(street):
    assert street.filed() == street.to_be_filed()
    assert len(street.filed()) == len(SHOPS)


def test_a_subject_is_filed_by_its_new_name_its_new_county_and_its_end(street):
    shop, later = SHOPS[0], "2026-06-01T10:00:00+08:00"
    street.register(shop, at=later, name="王记面馆", region="320925001001", status="closed")
    street.work()
    street.file()
    [(county, facets)] = [(county, facets) for subject, county, facets in street.filed() if subject == shop]
    assert county == "320925"
    assert facets == {
        *("all", "is:closed", "in:320925001", "in:320925001001", "name:王记", "name:记面", "name:面馆"),
    }
    assert street.filed() == street.to_be_filed()


def test_an_entry_of_the_register_that_comes_late_and_is_older_moves_nobody(street):
    before = street.filed()
    street.register(SHOPS[0], at="2026-01-01T10:00:00+08:00", name="从前", region="320925001001")
    street.work()
    street.file()
    assert street.filed() == before


def test_a_store_that_was_emptied_is_filled_from_the_log(street):
    before = street.filed()
    for key in street.store.client.scan_iter(f"{street.keys.prefix}{{[cd]*"):
        street.store.client.delete(key)
    assert street.filed() == []
    street.file()
    assert street.filed() == before


def test_a_county_that_was_lost_is_filled_from_the_log(street):
    before = street.filed()
    for key in (street.keys.marks(0, "320902"), street.keys.filed("320902"), street.keys.entries("320902")):
        street.store.client.delete(key)
    street.file()
    assert street.filed() == before


def test_a_store_that_is_set_back_under_a_worker_is_filled_again(street):
    shop = SHOPS[1]

    def set_back():
        """Once the new name is filed, its writes are lost."""
        if not done and "name:新名" in names(street)[shop]:
            with street.store.client.pipeline(transaction=True) as together:
                for key, content in before.items():
                    together.restore(key, 0, content, replace=True)
                together.execute()
            done.append(True)
        return done and street.all_filed() and "name:新名" in names(street)[shop]

    done = []
    before = {key: street.store.client.dump(key) for key in street.store.client.scan_iter(f"{street.keys.prefix}{{c*")}
    street.register(shop, at="2026-06-01T10:00:00+08:00", name="新名字")
    street.work()
    street.file(until=set_back)
    assert street.filed() == street.to_be_filed()


def test_a_store_that_fails_now_and_then_is_waited_for(street, monkeypatch):
    run, calls = street.store.run, []

    def flaky(name, arguments):
        calls.append(name)
        if len(calls) < 60 and len(calls) % 5 == 0:
            run(name, arguments)
            raise StoreUnavailable("made, and not answered")
        if len(calls) < 60 and len(calls) % 7 == 0:
            raise StoreUnavailable("not made")
        return run(name, arguments)

    for shop in SHOPS:
        street.register(shop, at="2026-06-01T10:00:00+08:00", region="320925001001")
    street.work()
    monkeypatch.setattr(street.store, "run", flaky)
    street.file()
    assert len(calls) > 60
    assert street.filed() == street.to_be_filed()
    assert {county for _, county, _ in street.filed()} == {"320925"}


@pytest.mark.parametrize("answered", [True, False])
def test_whatever_call_a_worker_is_killed_in_the_next_one_ends_it(street, monkeypatch, answered):
    """Everybody moves, again and again, and every worker dies a call later than the one before."""
    run, left = street.store.run, []

    def deadly(name, calls):
        if left:
            left.pop()
            return run(name, calls)
        if answered:
            run(name, calls)
        raise Killed

    for life in range(12):
        for shop in SHOPS:
            at = f"2026-06-{life + 1:02d}T10:00:00+08:00"
            street.register(shop, at=at, region=f"3209{20 + life % 3}001001", name=f"第{life}家")
        monkeypatch.setattr(street.store, "run", run)
        street.work()
        monkeypatch.setattr(street.store, "run", deadly)
        left[:] = [None] * life
        with pytest.raises(Killed):
            street.loop().run(stop_soon())
    monkeypatch.setattr(street.store, "run", run)
    street.file()
    assert street.filed() == street.to_be_filed()
    assert {county for _, county, _ in street.filed()} == {"320922"}


def test_a_state_that_cannot_be_read_holds_up_no_other(town):
    town.register(SHOPS[0])
    town.work()
    [at] = [at for at in town.places() if town.log.records[at]]
    town.log.appender().append([Message(at.topic, SHOPS[0].encode(), b"{", (), at.partition)])
    for shop in SHOPS:
        town.register(shop)
    town.work()
    town.file()
    assert [subject for subject, _, _ in town.filed()] == SHOPS


def test_readers_are_told_until_when_and_for_which_sweep_all_is_filed(street):
    levels = street.directory.levels(range(PARTITIONS))
    assert [level.until for level in levels] == [street.books.applied(number) for number in range(PARTITIONS)]
    assert {level.swept for level in levels} == {TODAY.date()}


def test_a_store_that_was_filled_from_topics_of_other_partitions_is_refused(street):
    street.settings = replace(street.settings, partitions=2 * PARTITIONS)
    with pytest.raises(OtherPartitions):
        street.loop().run(stop_soon())


def test_marks_beyond_the_log_stop_the_worker(street):
    at = max(street.places(), key=lambda at: len(street.log.records[at]))
    del street.log.records[at][-1]
    with pytest.raises(BeyondEnd):
        street.loop().run(stop_soon())
