"""The store's troubles as what the loop waits for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shared.projection.port import SetBack, Waiting
from shared.store.client import StoreUnavailable
from shared.store.tenure import Displaced


@contextmanager
def waiting_for_the_store() -> Iterator[None]:
    """A store that is down is waited for; one that was set back is read or filed again, as soon as it answers."""
    try:
        yield
    except StoreUnavailable as error:
        raise Waiting(f"the store: {error}") from error
    except Displaced as error:
        raise SetBack("the store is not as it was left: it was set back, or another worker has begun") from error
