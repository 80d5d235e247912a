"""Events that Chengxin itself writes to topics of one partition: by the same schemas as everybody's."""

from __future__ import annotations

from shared.eventlog.port import Appender, LogUnavailable, Message
from shared.events.catalogue import catalogue
from shared.events.envelope import Event
from shared.events.kafka_codec import encode


def own_message(topic: str, event: Event) -> Message:
    """The record of an event, keyed by its subject. Raises `ValueError` where its data break the type's schema."""
    if found := catalogue().by_type[event.type].checked.strict_faults(event.data, "data"):
        raise ValueError("; ".join(f"{fault.pointer} {fault.message}" for fault in found))
    headers, value = encode(event)
    return Message(topic, event.subject.encode(), value, headers, partition=0)


def append_own(appender: Appender, topic: str, event: Event) -> None:
    """Append one, and wait for the log. Raises `ValueError` and `LogUnavailable`."""
    [answer] = appender.append([own_message(topic, event)])
    if isinstance(answer, LogUnavailable):
        raise answer
