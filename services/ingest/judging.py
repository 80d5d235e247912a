"""Whether events are their sender's to send, all of a batch together: `jurisdiction.py` on what the store knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from services.ingest.jurisdiction import NOTHING, Known, Sender, asks, faults, waits
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
    beside: dict[str, list[Event]] = {subject: [] for subject in held}
    for event in (*before, *events):
        if event.subject in held and not faults(event, sender, held[event.subject]):
            beside[event.subject].append(event)  # what is refused itself says nothing of others
    known = {subject: replace(each, stated=[*each.stated, *beside[subject]]) for subject, each in held.items()}
    judged = {place: faults(event, sender, known.get(event.subject, NOTHING)) for place, event in enumerate(events)}
    return {place: wrong for place, wrong in judged.items() if wrong}


def _held(events: Sequence[Event], sender: Sender, known_of: KnownOf) -> Mapping[str, Known]:
    asked = {event.subject for event in events if asks(event, sender)}
    if not asked:
        return {}
    try:
        return known_of(asked)
    except (StoreUnavailable, Rebuilding):
        if any(waits(event, sender) for event in events):
            raise
        return {}
