"""The directory on a real server and on a cluster of one node, where a script that crosses slots fails."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shared.store.client import Store
from shared.store.directory import Directory, Row
from shared.store.directory_reader import DirectoryReader, Level, Walk
from shared.store.keys import Keys
from shared.store.tenure import Displaced

ONE, TWO, FIRM = "shop:92320902MA1N00026Y-01", "shop:92320902MA1N00026Y-02", "hauler:91320902MA1N00026Y"
HERE, THERE = "320902", "320903"


@pytest.fixture(params=["one server", "cluster"])
def store(request):
    cluster = request.param == "cluster"
    store = Store(request.getfixturevalue("valkey_cluster" if cluster else "redis_url"), cluster=cluster)
    yield store
    store.close()


class Corner:
    def __init__(self, store, prefix):
        self.store, self.keys = store, Keys(prefix.replace(".", ":"))
        self.reader = DirectoryReader(store, self.keys)

    def writer(self, *numbers):
        directory = Directory(self.store, self.keys)
        directory.claim(numbers or [0])
        return directory

    def find(self, *facets, county=HERE, beginning="", after="", most=100):
        return self.reader.find([Walk(county, beginning, facets)], after, most)

    def places(self):
        return {k.decode(): v.decode() for k, v in self.store.client.hgetall(self.keys.places(0)).items()}


@pytest.fixture
def corner(store, prefix):
    return Corner(store, prefix)


def row(subject, offset, county=HERE, *facets):
    return Row(subject, offset, county, frozenset(("all", *facets)))


def test_subjects_are_found_by_all_of_their_facets_by_id(corner):
    corner.writer().file(0, [row(TWO, 0, HERE, "a"), row(ONE, 1, HERE, "a", "b"), row(FIRM, 2)])
    assert corner.find("all") == [FIRM, ONE, TWO]
    assert corner.find("a") == [ONE, TWO]
    assert corner.find("a", "b") == [ONE]
    assert corner.find("b", "c") == []
    assert corner.find("all", county=THERE) == []


def test_ids_are_found_by_their_beginning_and_from_behind_one_on(corner):
    corner.writer().file(0, [row(TWO, 0), row(ONE, 1), row(FIRM, 2)])
    assert corner.find("all", beginning="shop:") == [ONE, TWO]
    assert corner.find("all", beginning=ONE) == [ONE]
    assert corner.find("all", after=ONE) == [TWO]
    assert corner.find("all", beginning="shop:", after=FIRM) == [ONE, TWO]
    assert corner.find("all", beginning="hauler:", after=ONE) == []
    assert corner.find("all", most=2) == [FIRM, ONE]


def test_several_walks_are_one_list(corner):
    corner.writer().file(0, [row(TWO, 0, THERE), row(ONE, 1, HERE), row(FIRM, 2, THERE)])
    walks = [Walk(county, "", ("all",)) for county in (HERE, THERE)]
    assert corner.reader.find(walks, "", 2) == [FIRM, ONE]
    assert corner.reader.find(walks, ONE, 2) == [TWO]


def test_a_subject_that_lies_in_two_counties_is_found_once(corner):
    corner.writer(0).file(0, [row(ONE, 0)])
    corner.writer(1).file(1, [row(ONE, 0, THERE)])  # as between two steps of a move
    walks = [Walk(county, "", ("all",)) for county in (HERE, THERE)]
    assert corner.reader.find(walks, "", 2) == [ONE]


def test_a_newer_state_takes_the_place_of_the_older_with_all_of_its_facets(corner):
    writer = corner.writer()
    writer.file(0, [row(ONE, 0, HERE, "grade", "old name")])
    writer.file(0, [row(ONE, 1, HERE, "grade", "new name")])
    assert corner.find("old name") == []
    assert corner.find("new name") == corner.find("grade") == [ONE]


def test_a_subject_that_moves_is_in_its_new_county_alone(corner):
    writer = corner.writer()
    writer.file(0, [row(ONE, 0)])
    writer.file(0, [row(ONE, 1, THERE)])
    assert (corner.find("all"), corner.find("all", county=THERE)) == ([], [ONE])
    assert corner.places() == {ONE: f"1 {THERE}"}


def test_an_older_state_that_is_read_again_changes_nothing(corner):
    writer = corner.writer()
    writer.file(0, [row(ONE, 0, HERE, "old")])
    writer.file(0, [row(ONE, 5, THERE, "new")])
    corner.writer().file(0, [row(ONE, 0, HERE, "old")])
    assert corner.find("all") == []
    assert corner.find("new", county=THERE) == [ONE]


def test_of_one_subject_the_last_record_of_a_batch_counts(corner):
    corner.writer().file(0, [row(ONE, 0, HERE), row(ONE, 1, THERE)])
    assert (corner.find("all"), corner.find("all", county=THERE)) == ([], [ONE])


def test_many_subjects_are_filed_in_parts_and_found_in_order(corner):
    ids = [f"shop:{number:015d}" for number in range(1200)]
    rows = [row(each, at, HERE, *(["even"] if at % 2 == 0 else ["odd"])) for at, each in enumerate(ids)]
    corner.writer().file(0, rows)
    assert corner.find("even", "all", most=1000) == ids[::2]
    assert corner.find("even", "odd") == []


def test_a_walk_that_looks_at_much_goes_on_where_it_stopped(corner, monkeypatch):
    monkeypatch.setattr("shared.store.directory_reader._STEPS", 10)
    ids = [f"shop:{number:015d}" for number in range(100)]
    rows = [
        row(each, at, HERE, *(["a"] if at < 60 else []), *(["b"] if at > 55 else [])) for at, each in enumerate(ids)
    ]
    corner.writer().file(0, rows)
    assert corner.find("a", "b") == ids[56:60]
    assert corner.find("a", "b", most=2) == ids[56:58]


def test_every_part_keeps_up_to_where_it_is_filed(corner):
    writer = corner.writer(0, 1)
    writer.file(0, [row(ONE, 3)])
    writer.file(1, [row(TWO, 8, THERE)])
    writer.advance({0: 4, 1: 9})
    again = corner.writer(0, 1)
    assert (again.least(0), again.greatest(0), again.least(1)) == (4, 4, 9)
    assert [level.offset for level in corner.reader.levels([0, 1])] == [4, 9]
    assert corner.reader.offsets([HERE, THERE]) == {HERE: {0: 4}, THERE: {1: 9}}


def test_a_county_that_is_new_begins_where_the_partition_is(corner):
    writer = corner.writer()
    writer.advance({0: 7})
    writer.file(0, [row(ONE, 7)])
    assert corner.reader.offsets([HERE]) == {HERE: {0: 7}}


def test_a_county_that_was_lost_is_read_from_the_beginning(corner):
    writer = corner.writer()
    writer.file(0, [row(ONE, 3)])
    writer.advance({0: 4})
    for key in (corner.keys.marks(0, HERE), corner.keys.filed(HERE), corner.keys.entries(HERE)):
        corner.store.client.delete(key)
    again = corner.writer()
    assert (again.least(0), again.greatest(0)) == (0, 4)
    again.file(0, [row(ONE, 3)])
    assert corner.find("all") == [ONE]


def test_the_level_is_kept(corner):
    until = datetime(2026, 3, 1, tzinfo=UTC)
    writer = corner.writer()
    assert corner.reader.levels([0]) == [Level(0, frozenset(), None, None)]
    writer.file(0, [row(ONE, 0)])
    writer.set_levels({0: (until, date(2026, 3, 1))})
    assert corner.reader.levels([0]) == [Level(0, frozenset([HERE]), until, date(2026, 3, 1))]
    assert corner.reader.levels([1]) == [Level(None, frozenset(), None, None)]


ACTS = {
    "file": lambda writer: writer.file(0, [row(ONE, 3)]),
    "advance": lambda writer: writer.advance({0: 1}),
    "stay": lambda writer: writer.advance({}),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_writer_whose_partition_another_has_claimed_writes_nothing(corner, act):
    former = corner.writer()
    former.file(0, [row(ONE, 0, HERE, "old")])
    corner.writer().file(0, [row(ONE, 2, HERE, "new")])
    with pytest.raises(Displaced):
        ACTS[act](former)
    assert corner.find("new") == [ONE]
    assert corner.reader.levels([0])[0].offset == 0


def test_a_writer_sees_that_a_county_was_set_back_though_its_mark_is_as_before(corner):
    """The last writes are lost from the end: those behind the mark, and not the mark itself."""
    writer, marks = corner.writer(), corner.keys.marks(0, HERE)
    writer.file(0, [row(ONE, 0)])
    before = corner.store.client.hgetall(marks)
    writer.file(0, [row(TWO, 1)])
    corner.store.client.hset(marks, mapping=before)
    with pytest.raises(Displaced):
        writer.advance({0: 2})


def test_writers_of_other_partitions_do_not_displace_each_other(corner):
    one, other = corner.writer(0), corner.writer(1)
    one.file(0, [row(ONE, 0)])
    other.file(1, [row(TWO, 0)])
    one.advance({0: 1})
    other.advance({1: 1})
    assert corner.find("all") == [ONE, TWO]


def test_every_call_may_be_sent_twice(corner, monkeypatch):
    run = corner.store.run

    def twice(name, calls):
        run(name, calls)
        return run(name, calls)

    monkeypatch.setattr(corner.store, "run", twice)
    writer = corner.writer()
    writer.file(0, [row(ONE, 0, HERE, "old"), row(TWO, 1)])
    writer.file(0, [row(ONE, 2, THERE, "new")])
    writer.advance({0: 3})
    assert (corner.find("all"), corner.find("new", county=THERE)) == ([TWO], [ONE])
    assert corner.reader.offsets([HERE, THERE]) == {HERE: {0: 3}, THERE: {0: 3}}
