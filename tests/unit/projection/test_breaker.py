from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.projection.breaker import Limits, Tally, closed, counted

LIMITS = Limits(run=5, percent=50, least=10, window=40)


def test_a_run_of_bad_events_opens_it_and_says_where():
    before = counted(Tally(), range(4), range(4), LIMITS)
    assert not before.opened
    after = counted(before, [4], [4], LIMITS)
    assert after.opened == "5 bad events in a row, the last at offset 4"


def test_a_good_event_ends_a_run():
    tally = counted(Tally(), range(9), [0, 1, 2, 3, 5, 6, 7, 8], LIMITS)
    assert (tally.run, tally.opened) == (4, "")


def test_more_than_the_share_opens_it_but_not_before_there_are_enough():
    mostly = [at for at in range(20) if at % 3]
    assert not counted(Tally(), range(9), mostly, LIMITS).opened
    assert counted(Tally(), range(10), mostly, LIMITS).opened == "6 of the last 10 events are bad, the last at offset 9"
    assert not counted(Tally(), range(10), [1, 3, 5, 7, 9], LIMITS).opened


def test_the_share_is_that_of_one_window():
    quiet = counted(Tally(), range(40), [], LIMITS)
    assert counted(quiet, range(40, 52), [at for at in range(40, 52) if at % 4], LIMITS).opened


@given(st.sets(st.integers(0, 300)), st.lists(st.integers(0, 300), max_size=8))
def test_batches_cut_anywhere_and_read_again_count_alike(bad, cuts):
    whole = counted(Tally(), range(300), bad, LIMITS)
    tally, start = Tally(), 0
    for cut in [*sorted(cuts), 300]:
        tally = counted(tally, range(max(0, start - 7), cut), bad, LIMITS)
        start = cut
    assert tally == whole


def test_a_closed_one_counts_from_nothing_and_not_again_what_was_counted():
    opened = counted(Tally(), range(5), range(5), LIMITS)
    again = closed(opened)
    assert again == Tally(offset=5)
    assert not counted(again, range(9), range(9), LIMITS).opened
