"""What costs something to tell is asked once in a while."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from shared.projection.remembered import Remembered


class Well:
    def __init__(self):
        self.asked, self.now, self.gate, self.second = 0, 0.0, Event(), Event()
        self.gate.set()

    def __call__(self):
        self.asked += 1
        answer = self.asked
        if answer > 1:
            self.second.set()
        self.gate.wait(30)
        return answer


@pytest.fixture
def well():
    return Well()


@pytest.fixture
def remembered(well):
    return Remembered(well, seconds=10, clock=lambda: well.now)


def test_an_answer_serves_for_its_time_and_no_longer(well, remembered):
    assert (remembered(), remembered()) == (1, 1)
    well.now = 9.9
    assert remembered() == 1
    well.now = 10
    assert (remembered(), well.asked) == (2, 2)


def test_while_one_asks_anew_the_others_have_the_answer_before(well, remembered):
    remembered()
    well.now = 20
    well.gate.clear()
    told = []
    slow = Thread(target=lambda: told.append(remembered()))
    slow.start()
    assert well.second.wait(30)
    assert remembered() == 1
    well.gate.set()
    slow.join(30)
    assert told == [2]


def test_what_fails_is_asked_again(well):
    def fails():
        well.asked += 1
        raise ZeroDivisionError

    remembered = Remembered(fails, seconds=10, clock=lambda: 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            remembered()
    assert well.asked == 2
