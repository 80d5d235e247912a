from __future__ import annotations

import os

import pytest

from shared.web.rates import WINDOW, Rates


def test_all_of_a_quota_may_be_used_at_once_and_no_more():
    rates = Rates()
    taken = [rates.take("a", 3, 100.0) for _ in range(4)]
    assert [each.allowed for each in taken] == [True, True, True, False]
    assert [each.left for each in taken] == [2, 1, 0, 0]
    assert taken[-1].seconds == pytest.approx(WINDOW / 3)


def test_a_quota_comes_back_evenly():
    rates = Rates()
    for _ in range(4):
        rates.take("a", 3, 100.0)
    assert rates.take("a", 3, 100.0 + WINDOW / 3 + 0.001).allowed
    assert not rates.take("a", 3, 100.0 + WINDOW / 3 + 0.002).allowed
    assert rates.take("a", 3, 100.0 + 10 * WINDOW).left == 2


def test_askers_are_counted_apart():
    rates = Rates()
    assert rates.take("a", 1, 5.0).allowed
    assert rates.take("b", 1, 5.0).allowed
    assert not rates.take("a", 1, 5.0).allowed


def test_processes_count_together(tmp_path):
    path = tmp_path / "rates"
    mine = Rates(path)
    assert mine.take("a", 2, 7.0).allowed
    child = os.fork()
    if child == 0:
        os._exit(0 if Rates(path).take("a", 2, 7.0).left == 0 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not mine.take("a", 2, 7.0).allowed


def test_more_askers_than_there_is_room_for_push_out_whoever_asked_longest_ago():
    rates = Rates()
    for number in range(200_000):
        rates.take(str(number), 1, number / 1000)
    assert not rates.take("199999", 1, 199.999).allowed
