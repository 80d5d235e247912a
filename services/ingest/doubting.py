"""Doubts about the events of a request: `doubts.py` on what the store has of their subjects, at a bounded cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

import orjson

from services.ingest.doubts import Doubt, Glance, doubts
from shared.credit.dossiers import kind_of
from shared.credit.rulebook import Rulebooks
from shared.events.envelope import Event
from shared.registry.kinds import KINDS
from shared.store.client import StoreUnavailable
from shared.store.ledgers import Ledgers

MOST_FACTS = 500
"""Of a ledger that is looked at: a batch of a thousand events to the largest haulers must not hold the door up."""
_NUMBERS = ("case_no", "inspection_id", "commendation_no", "target", "id")

GlanceAt = Callable[[Mapping[str, Collection[Event]]], Mapping[str, Glance]]
"""What is known of subjects, for some events of each; it fails for nobody."""


def doubting(events: Sequence[Event], glance_at: GlanceAt, rulebooks: Rulebooks | None) -> list[list[Doubt]]:
    """The doubts about each of a request's events."""
    by_subject: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if kind_of(event.subject) in KINDS:
            by_subject[event.subject].append(event)
    glances = glance_at(by_subject) if by_subject else {}
    return [
        doubts(
            event,
            glances.get(event.subject),
            by_subject.get(event.subject, ()),
            rulebooks.of(kind_of(event.subject)) if rulebooks and kind_of(event.subject) in KINDS else None,
        )
        for event in events
    ]


def glancing(ledgers: Ledgers) -> GlanceAt:
    """As the scoring workers keep it; a store that does not answer is a reason for not having compared."""

    def look(events: Mapping[str, Collection[Event]]) -> Mapping[str, Glance]:
        try:
            heads = ledgers.heads(list(events))
            facts = ledgers.mentioning({subject: _texts(these) for subject, these in events.items()}, MOST_FACTS)
        except StoreUnavailable:
            return dict.fromkeys(events, Glance(registered=True, facts=None, reason="the store does not answer"))
        return {
            subject: Glance(
                bool(summary and summary.get("registration")),
                facts[subject],
                f"its subject has more than {MOST_FACTS} facts",
            )
            for subject, (_, summary) in zip(events, heads, strict=True)
        }

    return look


def nothing_known(events: Mapping[str, Collection[Event]]) -> Mapping[str, Glance]:
    """For a door without a store."""
    return dict.fromkeys(events, Glance(registered=True, facts=None, reason="there is no store"))


def _texts(events: Collection[Event]) -> list[bytes]:
    """What stands in a fact that one of the events could be about: its identity in the field, a number in the value."""
    found = {f"{event.source}\n{event.id}\n".encode() for event in events}
    found |= {orjson.dumps(event.data[name]) for event in events for name in _NUMBERS if name in event.data}
    found |= {f"{event.data['source']}\n{event.data['id']}\n".encode() for event in events if "source" in event.data}
    return sorted(found)
