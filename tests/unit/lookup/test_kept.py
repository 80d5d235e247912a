from __future__ import annotations

from datetime import date

import pytest

from services.lookup.kept import Answer, Kept

DAY, NEXT = date(2026, 3, 1), date(2026, 3, 2)


@pytest.fixture
def kept():
    seconds = [100.0]
    made = []

    def find(subject_id="a", day=DAY, after=0.0):
        seconds[0] += after

        def make():
            made.append(subject_id)
            return Answer(f"{len(made)}".encode(), "")

        return store.find(subject_id, day, make).content

    store = Kept(lambda: seconds[0])
    return find


def test_an_answer_is_kept_for_a_second_and_no_longer(kept):
    assert [kept(), kept(after=0.9), kept(after=0.2)] == [b"1", b"1", b"2"]


def test_another_subject_and_another_day_have_answers_of_their_own(kept):
    assert [kept(), kept("b"), kept(day=NEXT), kept()] == [b"1", b"2", b"3", b"1"]


def test_what_could_not_be_made_is_not_kept(kept):
    store = Kept(lambda: 0.0)

    def fail():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.find("a", DAY, fail)
    assert store.find("a", DAY, lambda: Answer(b"x", "")).content == b"x"


def test_memory_is_bounded():
    store = Kept(lambda: 0.0)
    for number in range(45_000):
        store.find(str(number), DAY, lambda: Answer(b"", ""))
    assert len(store._answers) <= 20_000
