"""Sends the sample city through an organ's topic, like anybody's events."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.sample.deliveries import Delivery
from shared.eventlog.port import Appender, LogUnavailable, Message

_AT_ONCE = 500


def send(
    deliveries: Sequence[Delivery], start: int, appender: Appender, topic: str, sent: Callable[[int], None]
) -> None:
    """Append deliveries from the given one on, telling `sent` after each batch how many are acknowledged in all.

    What is sent again after an interruption is what any organ's repetition is: the door takes it once more, and no
    score counts it twice. Raises `LogUnavailable`; `sent` then knows where to go on.
    """
    for first in range(start, len(deliveries), _AT_ONCE):
        batch = deliveries[first : first + _AT_ONCE]
        for answer in appender.append([Message(topic, one.key, one.value, one.headers) for one in batch]):
            if isinstance(answer, LogUnavailable):
                raise answer
        sent(first + len(batch))
