"""When rounds of public beacons come."""

from datetime import datetime

import pytest

from services.draws.beacons import round_at

ROUNDS = [
    ("drand quicknet round 1", "2023-08-23T15:09:27+00:00"),
    ("drand quicknet round 9000000", "2024-07-01T03:09:24+00:00"),
    ("drand default round 1", "2020-07-22T15:17:30+00:00"),
]


@pytest.mark.parametrize(("name", "at"), ROUNDS)
def test_a_round_comes_at_a_known_time(name, at):
    assert round_at(name) == datetime.fromisoformat(at)


@pytest.mark.parametrize(
    "name", ["drand round 1", "drand quicknet round 0", "drand quicknet round 01", "dice of 09:30"]
)
def test_of_other_names_nothing_is_known(name):
    assert round_at(name) is None


def test_a_round_beyond_the_calendar_is_no_fault():
    assert round_at("drand default round 99999999999").year == 9999
