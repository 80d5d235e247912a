"""The day by which a worker judges. A wrong clock would make true scores of another day, so it is compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from shared.clock import day_of
from shared.projection.port import Waiting

MOST = timedelta(minutes=1)
"""How far this machine's clock may be from the store's. Within it, midnight comes a minute early or late at most."""


class Calendar:
    """Today in Shanghai, by this machine's clock as long as a second one agrees."""

    def __init__(self, now: Callable[[], datetime], witness: Callable[[], datetime]) -> None:
        self.now = now
        self._witness = witness

    def today(self) -> date:
        """Raises `Waiting` where the two clocks differ: better late than by the wrong day."""
        now, other = self.now(), self._witness()
        if abs(now - other) > MOST:
            raise Waiting(f"this machine's clock says {now:%FT%TZ}, the store's {other:%FT%TZ}: set them right")
        return day_of(now)
