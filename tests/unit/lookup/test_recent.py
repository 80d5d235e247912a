"""What is kept is given again, the oldest goes first, and nothing small takes the room of the large."""

from __future__ import annotations

import pytest

from services.lookup.recent import Recent


class Making:
    def __init__(self, recent):
        self.recent, self.made = recent, []

    def __call__(self, key, size):
        def make():
            self.made.append(key)
            return "x" * size

        return self.recent.of(key, make)


@pytest.fixture
def making():
    return Making(Recent(10, len, least=3))


def test_what_is_kept_is_not_made_again(making):
    assert [making("a", 4), making("a", 4)] == ["xxxx", "xxxx"]
    assert making.made == ["a"]


def test_the_one_that_nobody_asked_for_longest_makes_room(making):
    for key in ("a", "b", "a", "c", "a", "b"):
        making(key, 4)
    assert making.made == ["a", "b", "c", "b"]


def test_what_is_small_is_not_kept(making):
    for key in ("a", "b", "b", "a"):
        making(key, 2 if key == "b" else 9)
    assert making.made == ["a", "b", "b"]


def test_the_last_one_is_kept_however_large(making):
    for key in ("a", "b", "b", "a"):
        making(key, 99)
    assert making.made == ["a", "b", "a"]


def test_what_failed_is_made_anew(making):
    with pytest.raises(ZeroDivisionError):
        making.recent.of("a", lambda: 1 / 0)
    assert making("a", 4) == "xxxx"
