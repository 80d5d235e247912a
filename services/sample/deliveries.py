"""The sample city as its organ sends it: late, out of order, some of it twice, a little of it malformed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from services.sample.chance import Chance
from services.sample.city import SEED, City
from services.sample.malformed import malformed
from shared.eventlog.port import Headers
from shared.events.envelope import Event
from shared.events.json_codec import encode as encode_structured
from shared.events.kafka_codec import encode as encode_binary
from shared.events.media import STRUCTURED

_REPEATED = 0.02


class Delivery(NamedTuple):
    """A record for the organ's topic. Organs write any key, or none."""

    key: bytes | None
    headers: Headers
    value: bytes


def deliveries(city: City, seed: int = SEED) -> list[Delivery]:
    """Everything in the order in which it arrives."""
    chance = Chance(seed + 1)
    arriving: list[tuple[datetime, int, Delivery]] = []
    for event in city.events:
        at = datetime.fromisoformat(event.time) + _delay(chance)
        structured = chance.happens(0.2)
        arriving.append((at, len(arriving), _delivery(event, structured=structured)))
        if chance.happens(_REPEATED):
            again = _delivery(event, structured=structured ^ chance.happens(0.5))
            arriving.append((at + _delay(chance), len(arriving), again))
    arriving.sort(key=lambda item: item[:2])
    ordered = [delivery for _, _, delivery in arriving]
    good = next(event for event in city.events if event.type == "cn.chengxin.case.decided.v1")
    for headers, value in malformed(good):
        ordered.insert(chance.randrange(len(ordered)), Delivery(None, headers, value))
    return ordered


def _delay(chance: Chance) -> timedelta:
    """Most arrive within the hour, some days later, a few after weeks."""
    if chance.happens(0.9):
        return timedelta(seconds=chance.randrange(3600))
    return timedelta(days=chance.randint(1, 5) if chance.happens(0.8) else chance.randint(10, 40))


def _delivery(event: Event, *, structured: bool) -> Delivery:
    if structured:
        return Delivery(None, (("content-type", STRUCTURED.encode()),), encode_structured(event))
    headers, value = encode_binary(event)
    return Delivery(event.subject.encode(), headers, value)
