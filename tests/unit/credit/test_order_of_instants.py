"""Instants are compared to their last digit, in whatever offset they are written."""

import pytest

from shared.credit.facts import FactError, order_of, parse_instant


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2026-02-01T10:00:00+08:00", "2026-02-01T10:00:00.000000001+08:00"),
        ("2026-02-01T10:00:00.123456001+08:00", "2026-02-01T10:00:00.12345601+08:00"),
        ("2026-02-01T10:00:00.1234569Z", "2026-02-01T10:00:00.123457Z"),
        ("2026-02-01T10:00:00.999999999+08:00", "2026-02-01T02:00:01Z"),
    ],
)
def test_later_is_later(earlier, later):
    assert order_of(earlier) < order_of(later)


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("2026-02-01T10:00:00+08:00", "2026-02-01T02:00:00.000000000Z"),
        ("2026-02-01T10:00:00.1234567+08:00", "2026-02-01T10:00:00.123456700+08:00"),
    ],
)
def test_the_same_instant_is_the_same_however_it_is_written(one, same):
    assert order_of(one) == order_of(same)


@pytest.mark.parametrize(
    "text", ["2026-02-01T10:00:00+08:60", "2026-02-01T10:00:00+08:99", "2026-02-01T10:00:00+24:00"]
)
def test_an_offset_is_less_than_a_day_and_its_minutes_less_than_an_hour(text):
    with pytest.raises(FactError):
        parse_instant(text)
