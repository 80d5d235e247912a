"""Entries of inspectors in the register 执法人员, written through the log with the door's own checks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.draws.people.filed import Entry
from services.draws.people.register import Register
from services.draws.writing import SOURCE
from shared.eventlog.port import Appender, LogUnavailable, Message, TopicPartition
from shared.events.envelope import Event
from shared.events.kafka_codec import encode
from shared.events.superseding import Before, id_after, time_after
from shared.events.types.inspector_upserted import INSPECTOR_UPSERTED
from shared.web.access import UNBOUND
from shared.web.bounds import Bounds
from shared.web.entering import entry
from shared.web.problems import unavailable

_READABLE_SECONDS = 10.0
_BETWEEN_LOOKS = 0.05


class Put(NamedTuple):
    """What stands by now; `readable` says whether everybody reads it, `new` whether anything was written."""

    data: Mapping[str, Any]
    new: bool
    readable: bool


class Registrar:
    """Writes entries. Threads may share it."""

    def __init__(
        self,
        register: Register,
        appender: Appender,
        topic: str,
        clock: Callable[[], datetime],
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._register, self._appender, self._topic = register, appender, topic
        self._clock, self._wait = clock, wait

    def put(self, inspector_id: str, data: Mapping[str, Any], bounds: Bounds = UNBOUND) -> Put:
        """Have an entry say this, and wait until it can be read. What it says already is not written again.

        Sent twice before it can be read, it is written twice under one id, of which the first counts. Raises
        `ProblemError`.
        """
        before = self._register.of([inspector_id]).get(inspector_id)
        if before is not None:  # nobody takes an inspector away from another region
            bounds.refuse_region(before.data["region"])
        now = self._clock()
        event = entry(
            Event(
                id_after(_followed(before), data),
                SOURCE,
                INSPECTOR_UPSERTED,
                f"inspector:{inspector_id}",
                time_after(_followed(before), now),
                dict(data),
            ),
            now,
        )
        if before is not None and before.data == event.data:
            return Put(before.data, new=False, readable=True)
        at, offset = self._append(event)
        return Put(event.data, new=True, readable=self._passes(at, offset))

    def _append(self, event: Event) -> tuple[TopicPartition, int]:
        headers, value = encode(event)
        message = Message(self._topic, event.subject.encode(), value, headers)
        try:
            [answer] = self._appender.append([message])
            if isinstance(answer, LogUnavailable):
                raise answer
        except LogUnavailable:
            raise unavailable("The log does not take entries now. Send it again later.") from None
        return TopicPartition(answer.topic, answer.partition), answer.offset

    def _passes(self, at: TopicPartition, offset: int) -> bool:
        until = time.monotonic() + _READABLE_SECONDS
        while not self._register.passes(at, offset):
            if time.monotonic() > until:
                return False
            self._wait(_BETWEEN_LOOKS)
        return True


def _followed(before: Entry | None) -> Before | None:
    return before and Before(before.source, before.id, before.time)
