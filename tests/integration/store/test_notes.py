"""Notes of workers, kept in a real store, and left for later where it does not answer."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.store.client import Store, StoreUnavailable
from shared.store.keys import Keys
from shared.store.notes import Note, Notes, notes
from shared.version import CODE

START = datetime(2026, 3, 1, 4, tzinfo=UTC)
GROUP = "scoring"


class Clock:
    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds

    def now(self):
        return START + timedelta(seconds=self.seconds)


def at(seconds):
    return (START + timedelta(seconds=seconds)).isoformat()


class Shaky(Store):
    """A store that answers or does not, and how often it was asked."""

    down, asked = False, 0

    def pipelined(self, ask, items):
        self.asked += 1
        if self.down:
            raise StoreUnavailable("down")
        return super().pipelined(ask, items)


@pytest.fixture
def store(redis_url):
    store = Shaky(redis_url)
    yield store
    store.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def note(store, prefix, clock):
    return Notes(store, Keys(prefix), GROUP, "1", clock.now, clock)


@pytest.fixture
def kept(store, prefix):
    def kept():
        found = notes(store, Keys(prefix), GROUP)
        store.asked -= 1
        return found.get("1")

    return kept


def test_a_worker_says_that_it_works_and_since_when(note, kept):
    note("")
    assert kept() == Note(at(0), at(0), waits=False, error="", code=CODE)


def test_what_it_waits_for_is_told_at_once_and_kept_when_that_is_over(note, kept, clock):
    note("")
    clock.seconds = 1
    note("the store: OOM")
    assert kept() == Note(at(1), at(1), waits=True, error="the store: OOM", code=CODE)
    clock.seconds = 2
    note("")
    assert kept() == Note(at(2), at(2), waits=False, error="the store: OOM", code=CODE)


def test_the_same_is_told_now_and_then(note, store, kept, clock):
    for clock.seconds in (0, 1, 2, 3, 4.9):
        note("")
    assert (store.asked, kept().noted) == (1, at(0))
    clock.seconds = 5
    note("")
    assert (store.asked, kept().noted, kept().since) == (2, at(5), at(0))


def test_another_reason_to_wait_does_not_begin_the_waiting_anew(note, kept, clock):
    note("a")
    clock.seconds = 5
    note("b")
    assert kept() == Note(at(5), at(0), waits=True, error="b", code=CODE)


def test_a_store_that_does_not_answer_is_left_alone_for_a_while_and_told_then(note, store, kept, clock):
    store.down = True
    note("")
    for clock.seconds in (1, 3, 9.9):
        note("the store: down")
        note("")
    assert store.asked == 1
    store.down = False
    clock.seconds = 10
    note("")
    assert kept() == Note(at(10), at(9), waits=False, error="the store: down", code=CODE)


def test_every_member_has_its_own(store, prefix, clock):
    for member in ("1", "2"):
        Notes(store, Keys(prefix), GROUP, member, clock.now, clock)("")
    Notes(store, Keys(prefix), "ingest", "1", clock.now, clock)("")
    assert set(notes(store, Keys(prefix), GROUP)) == {"1", "2"}
