"""Whether events are their sender's to send, all of a batch together: `jurisdiction.py` on what the store knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from services.ingest.jurisdiction import Known, Sender, asks, faults, waits
from services.ingest.known import KnownOf
from shared.events.envelope import Event, Fault
from shared.store.client import StoreUnavailable
from shared.store.filled import Rebuilding


def judge(
    events: Sequence[Event], sender: Sender, known_of: KnownOf, before: Iterable[Event] = ()
) -> dict[int, list[Fault]]:
    """The faults of those that are not, by their place.

    An event may name one that stands in the same batch, or that the sender sent `before`, applied or not. While the
    store does not answer, what names another and could be beyond the sender's bounds is not taken: raises
    `StoreUnavailable` or `Rebuilding`. All else is: doors do not close for it, and who then states again what another
    has stated is seen by the number's conflict.
    """
    held = _held(events, sender, known_of)
    alone = [_faults(event, sender, held) for event in events]
    if not held:
        return _told(alone)
    for event in (*before, *(event for event, wrong in zip(events, alone, strict=True) if not wrong)):
        if event.subject in held:  # what is refused itself says nothing of others
            held[event.subject].statements.add(event)
    return _told([_faults(event, sender, held) for event in events])


def _faults(event: Event, sender: Sender, held: Mapping[str, Known]) -> list[Fault]:
    return faults(event, sender, held.get(event.subject) or Known())


def _told(judged: Sequence[list[Fault]]) -> dict[int, list[Fault]]:
    return {place: wrong for place, wrong in enumerate(judged) if wrong}


def _held(events: Sequence[Event], sender: Sender, known_of: KnownOf) -> Mapping[str, Known]:
    asked: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if asks(event, sender):
            asked[event.subject].append(event)
    if not asked:
        return {}
    try:
        return known_of(asked)
    except (StoreUnavailable, Rebuilding):
        if any(waits(event, sender) for event in events):
            raise
        return {}
