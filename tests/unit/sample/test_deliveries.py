"""How the sample city arrives: all of it, some twice, out of order, a little malformed."""

from collections import Counter
from datetime import UTC, datetime

from services.sample.deliveries import deliveries
from shared.events.door import Refused, admit
from shared.events.envelope import BadEnvelope
from shared.events.kafka_codec import decode

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


def taken(items):
    """What a door makes of them: events, and how many it refuses."""
    events, refused = [], Counter()
    for item in items:
        try:
            events.append(admit(decode(item.headers, item.value), NOW))
        except (BadEnvelope, Refused) as error:
            refused[str(error)] += 1
    return events, refused


def test_every_event_arrives_once_or_twice_and_twenty_things_are_no_events(small):
    events, refused = taken(deliveries(small))
    arrived = Counter((event.source, event.id) for event in events)
    assert set(arrived) == {(event.source, event.id) for event in small.events}
    repeated = len(events) - len(small.events)
    assert 0.01 < repeated / len(small.events) < 0.03
    assert refused.total() == 20
    assert len(refused) == 10


def test_many_arrive_after_later_ones(small):
    times = [event.time for event in taken(deliveries(small))[0]]
    assert times != sorted(times)


def test_both_modes_and_records_without_a_key_are_among_them(small):
    items = deliveries(small)
    assert {item.key is None for item in items} == {True, False}
    assert len({item.headers[-1] for item in items}) > 1


def test_the_same_city_arrives_in_the_same_way(small):
    assert deliveries(small) == deliveries(small)
