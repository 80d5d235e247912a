"""What is known of the subjects of events at the door: what is stated of them, and where they are registered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import orjson

from services.ingest.jurisdiction import Known
from services.ingest.statements import Statements, pick_of
from shared.credit.facts import Fact, first_copies
from shared.events.envelope import Event
from shared.store.filled import Filled, believed
from shared.store.heads import Heads
from shared.store.ledgers import Ledgers, parse_kept

KnownOf = Callable[[Mapping[str, Collection[Event]]], Mapping[str, Known]]
"""Of subjects, as far as some events of each could be about it; raises `Rebuilding` and `StoreUnavailable`."""


def known_by(ledgers: Ledgers, heads: Heads, filled: Filled) -> KnownOf:
    """As the scoring workers keep it; what nothing is known of has no facts and no region."""

    def look(events: Mapping[str, Collection[Event]]) -> Mapping[str, Known]:
        found = ledgers.picked({subject: pick_of(these) for subject, these in events.items()})
        found |= ledgers.picked(_further(events, found))
        read = heads.read(list(events), [])
        filled.refuse(read.progress)
        return {
            subject: Known(Statements(first_copies(facts or ())), region_in(read.subjects.get(subject)))
            for subject, facts in found.items()
        }

    return lambda events: believed(lambda: look(events))


def _further(
    events: Mapping[str, Collection[Event]], found: Mapping[str, list[Fact] | None]
) -> dict[str, Callable[[bytes, bytes], bool]]:
    """Picks of what the facts that were found name, where these have no region of their own: it is theirs."""
    bare = {subject: [fact for fact in facts or () if "region" not in fact.data] for subject, facts in found.items()}
    return {subject: pick_of([*events[subject], *facts]) for subject, facts in bare.items() if facts}


def region_in(kept: bytes | None) -> str | None:
    """Where a subject is registered, by what is kept of it; None where it is not."""
    registered = orjson.loads(parse_kept(kept).summary).get("registration") if kept else None
    return registered and str(registered["region"])


def unknown(events: Mapping[str, Collection[Event]]) -> Mapping[str, Known]:
    """For a door without a store: nothing is known of anybody."""
    return {subject: Known() for subject in events}
