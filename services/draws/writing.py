"""Commands are carried out one at a time: read to the end, decided, written in one transaction.

The log's sole writer is opened before the log is read, which fences whoever was deciding meanwhile. So what was decided
on still holds when the transaction goes through, and of two clerks who press the same button one is told that the draw
has moved on. Whether something may be done now is asked again with the log's own time, before the transaction ends: the
journal's instants are the log's, and a draw that was frozen or seeded a moment too early by them would never verify.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from threading import Lock
from typing import NamedTuple
from uuid import uuid4

from services.draws.commands import Command, MakePlan
from services.draws.course import decide
from services.draws.reading import Reading
from services.draws.steps import Draw, Draws, Step, fold
from shared.eventlog.port import Appended, Fenced, Log, LogUnavailable, Message
from shared.events.catalogue import catalogue
from shared.events.envelope import Event
from shared.events.kafka_codec import encode
from shared.registry.working_days import CalendarOf, calendar_of

SOURCE = "urn:chengxin:draws"
WRITER = "draws"
_ATTEMPTS = 12
_READABLE_SECONDS = 10.0


class Written(NamedTuple):
    """The draw as a command left it, and the offset of its last event; whether everybody reads it by now."""

    draw: Draw
    offset: int
    readable: bool = True


def wait_a_little(attempt: int) -> None:
    """Wait before trying again, each process for another time: or two would fence each other for ever."""
    time.sleep(random.uniform(0, min(1.0, 0.02 * 2**attempt)))  # noqa: S311 - nothing is secret


class Writer:
    """Writes the steps of draws. Threads may share it."""

    def __init__(
        self,
        log: Log,
        topic: str,
        reading: Reading,
        *,
        clock: Callable[[], datetime],
        witnessed_only: bool = False,
        calendars: CalendarOf = calendar_of,
        wait: Callable[[int], None] = wait_a_little,
        new_id: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        """`witnessed_only`: this installation allows plans without a public seed source; `calendars`: by which it
        counts working days.
        """
        self._log, self._topic, self._reading, self._clock, self._wait = log, topic, reading, clock, wait
        self._witnessed_only, self._calendars, self._new_id = witnessed_only, calendars, new_id
        self._alone = Lock()

    def execute(self, command: MakePlan | Command) -> Written:
        """Carry out a command, and wait until it can be read. Raises `ProblemError` where it may not be.

        Raises `LogUnavailable` or `Fenced` where nothing was written, or where nobody can say: then look at the draw.
        The same command again is harmless, since the draw's sequence number has moved on if it was written.
        """
        with self._alone:
            written = self._execute(command)
        try:
            return written._replace(readable=self._reading.passes(written.offset, _READABLE_SECONDS))
        except LogUnavailable:
            return written._replace(readable=False)

    def would(self, command: MakePlan) -> Draw:
        """The draw that a plan would make now; nothing is written. Raises `ProblemError`, `LogUnavailable`."""
        draws, now = self._reading.refresh(), int(self._clock().timestamp() * 1000)
        [step] = self._decide(draws, command, now)
        return fold(None, step, self._reading.at(now))

    def _execute(self, command: MakePlan | Command) -> Written:
        sent: list[Event] = []
        lost = False
        for attempt in range(_ATTEMPTS):
            try:
                return self._once(command, sent)
            except Fenced:
                self._wait(attempt)
            except LogUnavailable:
                if lost or not sent:
                    raise
                lost = True  # in the end of a transaction: only reading tells what became of it
        raise Fenced("other processes were writing all the time")

    def _once(self, command: MakePlan | Command, sent: list[Event]) -> Written:
        """One attempt. `sent` has what an attempt before may have written."""
        with closing(self._log.sole_writer(WRITER)) as writer:
            draws = self._reading.refresh()
            if sent and (offset := self._reading.offsets.get(sent[-1].id)) is not None:
                return Written(draws.by_id[command.draw_id], offset)
            steps = self._decide(draws, command, int(self._clock().timestamp() * 1000))
            sent[:] = [self._event(step) for step in steps]

            def ask_again(places: Sequence[Appended]) -> list[Message]:
                for place in places:
                    self._decide(draws, command, place.timestamp)
                return []

            places = writer.write([_message(self._topic, event) for event in sent], ask_again)
            draw = draws.by_id.get(command.draw_id)
            for step, place in zip(steps, places, strict=True):
                draw = fold(draw, step, self._reading.at(place.timestamp))
            assert draw is not None
            return Written(draw, places[-1].offset)

    def _decide(self, draws: Draws, command: MakePlan | Command, milliseconds: int) -> list[Step]:
        at = self._reading.at(milliseconds)
        return decide(draws, command, at, witnessed_only=self._witnessed_only, calendars=self._calendars)

    def _event(self, step: Step) -> Event:
        """The event of a step. Its id is new, so that it is known again where an answer was lost."""
        if faults := catalogue().by_type[step.type].checked.strict_faults(step.data, "data"):
            raise ValueError("; ".join(f"{fault.pointer} {fault.message}" for fault in faults[:3]))
        subject, at = f"draw:{step.data['draw_id']}", self._clock().isoformat()
        return Event(self._new_id(), SOURCE, step.type, subject, at, step.data)


def _message(topic: str, event: Event) -> Message:
    headers, value = encode(event)
    return Message(topic, event.subject.encode(), value, headers, partition=0)
