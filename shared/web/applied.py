"""What the store cannot say yet, as problems: it is not applied so far, or is being filled from the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding
from shared.web.problems import Kind, ProblemError, unavailable

NOT_APPLIED_YET = Kind("not-applied-yet", 409, "This is later than what is applied")
REBUILDING = Kind("rebuilding", 503, "This part of the store is being rebuilt from the log")


def refuse_unapplied(known_at: datetime | None, applied_until: datetime) -> None:
    """409 where the instant asked for is later than what the store has applied of the log."""
    if known_at is not None and known_at > applied_until:
        detail = "Not everything that the log held at this instant is applied; ask for `applied_until` or earlier."
        raise ProblemError(NOT_APPLIED_YET, detail, applied_until=applied_until)


def rebuilding(behind: int | None) -> ProblemError:
    """503 with Retry-After; `behind` is how many records have yet to be applied, where that is known."""
    detail = "The store is being filled from the log; what it holds can be read when it has caught up."
    return ProblemError(REBUILDING, detail, headers={"Retry-After": "5"}, records_behind=behind)


@contextmanager
def store_refusals() -> Iterator[None]:
    """What the store cannot answer now, as a problem."""
    try:
        yield
    except Rebuilding as error:
        raise rebuilding(error.behind) from None
    except StoreUnavailable:
        raise unavailable("The store does not answer.") from None
