"""Keeps a process's draws and journal up to date, for those who only look."""

from __future__ import annotations

from contextlib import suppress

from services.draws.reading import Reading
from services.draws.steps import Draws
from shared.draw.journal import Line
from shared.eventlog.port import LogUnavailable
from shared.web.background import FIRST_READ, Repeated


class Following:
    """Reads on in a thread; what was read serves on when the log is down."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._thread = Repeated("draws", self._read)
        self._was_read = False

    def start(self) -> Following:
        """Begin, after the fork."""
        self._thread.start(patience=FIRST_READ)
        return self

    def stop(self) -> None:
        """Stop, and wait until the last look is over."""
        self._thread.stop()

    def check(self) -> str | None:
        """Whether draws can be shown at all: read once."""
        return None if self._was_read else "not read from the log yet"

    def draws(self) -> Draws:
        """All draws by now, so that whoever was told of a step sees it in any process; where the log does not answer,
        as they were read last.
        """
        if self._thread.check() is None:
            with suppress(LogUnavailable):
                return self._reading.refresh()
        return self._reading.draws

    def lines(self) -> list[Line]:
        """The journal's lines by now, or as they were read last."""
        self.draws()
        return list(self._reading.journal.lines)

    def journal_upto(self, seq: int) -> bytes:
        """The bytes of the first so many lines."""
        return self._reading.journal.upto(seq)

    def _read(self) -> None:
        self._reading.refresh()
        self._was_read = True
