"""Whatever states come, wherever a writer dies and however far the next one reads back: the rows are those of the last
states, each in one county, with nothing left over.
"""

from __future__ import annotations

import uuid
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.store.client import Store
from shared.store.directory import Directory, Row
from shared.store.keys import Keys
from shared.store.tenure import Displaced

SUBJECTS = [f"shop:{number:015d}" for number in range(3)]
COUNTIES = ["320902", "320903", "320904"]

STATES = st.lists(
    st.tuples(
        st.sampled_from(SUBJECTS),
        st.sampled_from(COUNTIES),
        st.frozensets(st.sampled_from(["a", "b", "c"]), min_size=1),
    ),
    min_size=1,
    max_size=10,
)


class Died(Exception):
    """A worker was killed."""


class Mortal:
    """A store whose client dies before one of its calls, or when that has been made and not answered."""

    def __init__(self, store, calls, *, made):
        self.store, self.left, self.made = store, calls, made

    def run(self, name, calls):
        self.left -= 1
        if self.left < 0:
            if self.made:
                self.store.run(name, calls)
            raise Died
        return self.store.run(name, calls)

    def pipelined(self, ask, items):
        return self.store.pipelined(ask, items)


@pytest.fixture(scope="module")
def store(redis_url):
    store = Store(redis_url)
    yield store
    store.close()


class Life(NamedTuple):
    """A writer: how many calls it lives for, whether the last is made, how much it reads at once and back.

    Before it begins, the store may have lost a county.
    """

    calls: int
    made: bool
    batch: int
    back: int
    lost: str | None


LIVES = st.lists(
    st.builds(
        Life,
        st.integers(0, 12),
        st.booleans(),
        st.integers(1, 4),
        st.integers(0, 5),
        st.sampled_from([None, *COUNTIES]),
    ),
    max_size=4,
)


@settings(max_examples=150)
@given(states=STATES, lives=LIVES)
def test_the_rows_are_those_of_the_last_states_wherever_a_writer_dies(store, states, lives):
    keys = Keys(f"t{uuid.uuid4().hex[:12]}:")
    log = [Row(subject, offset, county, facets) for offset, (subject, county, facets) in enumerate(states)]
    for life in lives:
        for key in (keys.marks(0, life.lost), keys.filed(life.lost), keys.entries(life.lost)) if life.lost else ():
            store.client.delete(key)
        live(Mortal(store, life.calls, made=life.made), keys, log, life)
    live(store, keys, log, Life(0, made=False, batch=3, back=0, lost=None))
    last = {row.subject_id: row for row in log}
    for county in COUNTIES:
        here = [row for row in last.values() if row.county == county]
        assert entries(store, keys, county) == {f"{facet} {row.subject_id}" for row in here for facet in row.facets}
        assert filed(store, keys, county) == {row.subject_id for row in here}
    assert places(store, keys) == {subject: f"{row.offset} {row.county}" for subject, row in last.items()}


def live(store, keys, log, life):
    """It claims, and reads from what is filed on until it dies or all is filed."""
    directory = Directory(store, keys)
    try:
        directory.claim([0])
        at = max(0, directory.least(0) - life.back)
        while at < len(log):
            directory.file(0, log[at : at + life.batch])
            at = min(len(log), at + life.batch)
            directory.advance({0: at})
    except Died:
        pass


def test_a_writer_that_wakes_up_late_changes_nothing(store, prefix):
    keys = Keys(prefix)
    first, second = Directory(store, keys), Directory(store, keys)
    first.claim([0])
    second.claim([0])
    second.file(0, [Row(SUBJECTS[0], 1, COUNTIES[1], frozenset("b"))])
    with pytest.raises(Displaced):
        first.file(0, [Row(SUBJECTS[0], 2, COUNTIES[0], frozenset("a"))])
    assert entries(store, keys, COUNTIES[1]) == {f"b {SUBJECTS[0]}"}
    assert entries(store, keys, COUNTIES[0]) == set()


def entries(store, keys, county):
    return {entry.decode() for entry in store.client.zrange(keys.entries(county), 0, -1)}


def filed(store, keys, county):
    return {subject.decode() for subject in store.client.hgetall(keys.filed(county))}


def places(store, keys):
    return {subject.decode(): place.decode() for subject, place in store.client.hgetall(keys.places(0)).items()}
