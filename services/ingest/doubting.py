"""Doubts about the events of a request: `doubts.py` on what the store has of their subjects, at a bounded cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from services.ingest.doubt import Doubt
from services.ingest.doubts import Glance, doubts
from services.ingest.known import region_in
from services.ingest.statements import Statements, pick_of
from shared.credit.dossiers import kind_of
from shared.credit.facts import Fact
from shared.credit.rulebook import Rulebooks
from shared.events.envelope import Event
from shared.events.types.subject_upserted import SUBJECT_UPSERTED
from shared.registry.kinds import KINDS
from shared.store.client import StoreUnavailable
from shared.store.filled import Filled, Rebuilding
from shared.store.heads import Heads
from shared.store.ledgers import Ledgers

MOST_FACTS, MOST_IN_ALL = 2_000, 20_000
"""Of a ledger, and of those of a request together, that are looked at: some tenths of a second. A batch of a thousand
events to the largest haulers must not hold the door up; the least ledgers come first.
"""

GlanceAt = Callable[[Mapping[str, Collection[Event]]], Mapping[str, Glance]]
"""What is known of subjects, for some events of each; it fails for nobody."""


def doubting(events: Sequence[Event], glance_at: GlanceAt, rulebooks: Rulebooks | None) -> list[list[Doubt]]:
    """The doubts about each of a request's events; an inspector is no credit subject, and nothing is asked of it."""
    by_subject: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if kind_of(event.subject) in KINDS:
            by_subject[event.subject].append(event)
    glances = {s: _with(by_subject[s], each) for s, each in (glance_at(by_subject) if by_subject else {}).items()}
    return [_of(event, glances.get(event.subject), rulebooks) for event in events]


def glancing(ledgers: Ledgers, heads: Heads, filled: Filled) -> GlanceAt:
    """As the scoring workers keep it; where that cannot be told it is a reason for not having compared."""

    def look(events: Mapping[str, Collection[Event]]) -> Mapping[str, Glance]:
        picks = {subject: pick_of(these) for subject, these in events.items()}
        try:
            facts = ledgers.picked(picks, MOST_FACTS, MOST_IN_ALL)
            read = heads.read(list(events), [])
            filled.refuse(read.progress)
        except StoreUnavailable:
            return _uncompared(events, "the store does not answer")
        except Rebuilding:
            return _uncompared(events, "the store is being filled from the log")
        return {subject: _glance(facts[subject], read.subjects.get(subject)) for subject in events}

    return look


def nothing_known(events: Mapping[str, Collection[Event]]) -> Mapping[str, Glance]:
    """For a door without a store."""
    return _uncompared(events, "there is no store")


def _uncompared(events: Mapping[str, Collection[Event]], reason: str) -> Mapping[str, Glance]:
    return {subject: Glance(registered=True, statements=None, reason=reason) for subject in events}


def _glance(facts: Collection[Fact] | None, kept: bytes | None) -> Glance:
    registered = region_in(kept) is not None
    if facts is None:
        return Glance(registered, None, "its subject has too many facts to be looked through for a warning")
    return Glance(registered, Statements(facts))


def _with(events: Collection[Event], glance: Glance) -> Glance:
    """With what came in the same request."""
    if glance.statements is not None:
        for event in events:
            glance.statements.add(event)
    upserted = any(event.type == SUBJECT_UPSERTED for event in events)
    return glance._replace(registered=glance.registered or upserted)


def _of(event: Event, glance: Glance | None, rulebooks: Rulebooks | None) -> list[Doubt]:
    if glance is None:
        return []
    return doubts(event, glance, None if rulebooks is None else rulebooks.of(kind_of(event.subject)))
