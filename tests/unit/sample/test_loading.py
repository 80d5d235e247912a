"""Sending the sample city: in order, acknowledged, and on from where it stopped."""

from datetime import date

import pytest

from services.sample import marker
from services.sample.deliveries import Delivery
from services.sample.loading import send
from services.sample.marker import Marker
from shared.eventlog.port import LogUnavailable

ITEMS = [Delivery(None, (), str(number).encode()) for number in range(1200)]


class Appender:
    """Takes so many messages and then no more."""

    def __init__(self, most=10_000):
        self.values, self.most = [], most

    def append(self, messages):
        room = self.most - len(self.values)
        self.values += [message.value for message in messages[:room]]
        return [object()] * min(room, len(messages)) + [LogUnavailable("full")] * (len(messages) - room)


def test_all_are_sent_in_order_and_told():
    appender, told = Appender(), []
    send(ITEMS, 0, appender, "in.sample", told.append)
    assert appender.values == [item.value for item in ITEMS]
    assert told == [500, 1000, 1200]


def test_it_goes_on_where_it_stopped():
    appender, told = Appender(), []
    send(ITEMS, 1000, appender, "in.sample", told.append)
    assert appender.values == [item.value for item in ITEMS[1000:]]
    assert told == [1200]


def test_a_batch_that_was_not_all_acknowledged_is_not_told():
    told = []
    with pytest.raises(LogUnavailable):
        send(ITEMS, 0, Appender(most=700), "in.sample", told.append)
    assert told == [500]


def test_the_marker_is_kept_whole(tmp_path):
    home = tmp_path / "home"
    assert marker.read(home) is None
    for kept in (
        Marker(date(2026, 11, 23)),
        Marker(date(2026, 11, 23), 500),
        Marker(date(2026, 11, 23), 1200, done=True),
    ):
        marker.write(home, kept)
        assert marker.read(home) == kept
    assert [path.name for path in home.iterdir()] == ["sample.json"]
