"""Tallies of bad events, written by several at once, on a real server and on a cluster of one node."""

import pytest

from shared.eventlog.port import TopicPartition
from shared.projection.breaker import Tally, closed
from shared.store.breakers import Breakers
from shared.store.keys import Keys

AT, OTHER = TopicPartition("t.enforcement.v1", 1), TopicPartition("t.registry.v1", 1)
OPEN = Tally(100, 100, 100, 100, "100 bad events in a row")


@pytest.fixture
def writer(store, prefix):
    """Makes a writer that has read what is kept now."""

    def make():
        breakers = Breakers(store, Keys(prefix))
        breakers.read([AT, OTHER])
        return breakers

    return make


def kept(writer):
    return writer().read([AT])[AT]


def test_what_is_written_is_read_and_written_on(writer):
    one = writer()
    assert one.write({AT: Tally(1, 1, 1, 1), OTHER: Tally(2)}) == {}
    assert one.write({AT: OPEN}) == {}
    assert writer().read([AT, OTHER]) == {AT: OPEN, OTHER: Tally(2)}


def test_an_owner_that_has_lost_its_partition_cannot_open_what_was_closed_since(writer):
    old = writer()
    old.write({AT: OPEN})
    writer().write({AT: closed(OPEN)})
    assert old.write({AT: Tally(101, 101, 101, 101, OPEN.opened)}) == {AT: closed(OPEN)}
    assert kept(writer) == closed(OPEN)


def test_who_looked_before_it_ran_on_cannot_close_the_next_time_that_it_stops(writer):
    writer().write({AT: OPEN})
    slow, worker = writer(), writer()
    worker.write({AT: closed(OPEN)})
    again = Tally(300, 200, 200, 200, "100 bad events in a row, again")
    worker.write({AT: again})
    assert slow.write({AT: closed(OPEN)}) == {AT: again}
    assert kept(writer) == again


def test_a_writer_that_was_refused_goes_on_with_what_is_kept(writer):
    one, two = writer(), writer()
    two.write({AT: Tally(5)})
    assert one.write({AT: Tally(7)}) == {AT: Tally(5)}
    assert one.write({AT: Tally(7)}) == {}
    assert kept(writer) == Tally(7)


def test_a_write_that_is_sent_twice_is_no_other_s(store, writer):
    one = writer()
    run = store.run
    store.run = lambda name, calls: (run(name, calls), run(name, calls))[1]
    assert one.write({AT: OPEN}) == {}
    assert kept(writer) == OPEN


def test_a_tally_of_another_version_of_the_code_is_replaced(store, writer, prefix):
    store.client.set(Keys(prefix).breaker(AT), b'{"offset": 3, "bad": 1}')
    one = writer()
    assert one.read([AT])[AT] == Tally(3, bad=1)
    assert one.write({AT: Tally(4)}) == {}
