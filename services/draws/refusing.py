"""What becomes of a command where the log or the store does not answer, as a problem."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shared.eventlog.port import Fenced, LogUnavailable, UnknownTopic
from shared.store.client import StoreUnavailable
from shared.web.problems import unavailable

_DETAIL = (
    "The log or the store does not answer, or others were writing all the time. Look at the draw: its sequence tells "
    "whether this was written. The same command again is harmless."
)


@contextmanager
def log_refusals() -> Iterator[None]:
    """503 in the place of the log's and the store's own errors."""
    try:
        yield
    except (LogUnavailable, UnknownTopic, Fenced, StoreUnavailable):
        raise unavailable(_DETAIL) from None
