"""What doors know beside what they are sent: of subjects, rulebooks and own codes."""

from __future__ import annotations

from dataclasses import dataclass

from services.ingest.code_tables.tables import KnownTables
from services.ingest.doubting import GlanceAt, glancing, nothing_known
from services.ingest.known import KnownOf, known_by, unknown
from shared.store.client import Store
from shared.store.filled import Filled
from shared.store.heads import Heads
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers
from shared.web.rulebooks import KnownRulebooks


@dataclass(frozen=True, slots=True)
class Judges:
    """Of subjects for the bounds of senders, and for doubts; rulebooks and tables of own codes as of now."""

    known_of: KnownOf
    glance_at: GlanceAt
    rulebooks: KnownRulebooks
    tables: KnownTables = dict


KNOWING_NOTHING = Judges(unknown, nothing_known, lambda: None)
"""For a door without a store."""


def judges_in(store: Store, keys: Keys, filled: Filled, rulebooks: KnownRulebooks, tables: KnownTables) -> Judges:
    """Over what the scoring workers keep of subjects."""
    ledgers, heads = Ledgers(store, keys), Heads(store, keys)
    return Judges(known_by(ledgers, heads, filled), glancing(ledgers, heads, filled), rulebooks, tables)
