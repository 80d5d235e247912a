"""The clock of the machine, and the day in Shanghai; what is computed takes its instant as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def day_of(instant: datetime) -> date:
    """The civil date in Shanghai."""
    return instant.astimezone(SHANGHAI).date()
