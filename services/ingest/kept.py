"""The facts of subjects, as the scoring workers keep them, for what is issued and heard at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services.ingest.tracing.tracer import Behind
from shared.credit.facts import Fact
from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import LogUnavailable, UnknownTopic
from shared.store.claims import Claiming, Claims
from shared.store.client import Store, StoreUnavailable
from shared.store.everyone import everyone as all_of
from shared.store.filled import Filled, believed
from shared.store.keys import Keys
from shared.store.subjects import Subjects
from shared.web.applied import store_refusals
from shared.web.problems import unavailable


@dataclass(frozen=True, slots=True)
class Kept:
    """What is read of the store; every part raises `StoreUnavailable` and `Rebuilding`."""

    facts_of: Callable[[str], list[Fact]]
    """All facts of one subject; [] where nothing is known of it."""
    everyone: Callable[[], Iterable[tuple[str, list[Fact]]]]
    """Every subject with its facts."""
    claims: Claiming
    coming: Callable[[str], list[Fact]] = lambda _: []
    """What the log has of a subject and its facts have not yet, to be asked for before them: *else* what is sent again
    meanwhile would be another event. Raises `LogUnavailable` and `Behind` too.
    """


def kept_by(store: Store, keys: Keys, filled: Filled, coming: Callable[[str], list[Fact]]) -> Kept:
    """As it is kept in the store, and comes behind it on the log."""
    subjects = Subjects(store, keys)

    def look(subject_id: str) -> list[Fact]:
        found = subjects.facts([subject_id])[subject_id]
        filled.refuse_unfilled([bucket_of(subject_id)])
        return found

    def facts_of(subject_id: str) -> list[Fact]:
        return believed(lambda: look(subject_id))

    return Kept(facts_of, lambda: all_of(subjects, filled), Claims(store, keys), coming)


class _Nowhere:
    def take(self, what: str, by: str) -> bool:  # noqa: ARG002  # the port's
        raise StoreUnavailable("there is no store")

    def leave(self, what: str) -> None:
        """Nothing is held."""


NOWHERE = Kept(lambda _: [], list, _Nowhere())
"""For a door without a store."""


@contextmanager
def refusals() -> Iterator[None]:
    """What cannot be read or written now, as a problem."""
    try:
        with store_refusals():
            yield
    except Behind:
        raise unavailable("The workers are far behind: what was written a while ago is not applied yet.") from None
    except (LogUnavailable, UnknownTopic):
        raise unavailable("The log does not take anything now; nothing was written. Send it again later.") from None
