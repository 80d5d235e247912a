"""The entries of a subject in the register, out of its ledger."""

from __future__ import annotations

from collections.abc import Callable

from services.ingest.statements import ENTRY
from shared.credit.facts import Fact
from shared.eventlog.partitioner import bucket_of
from shared.events.types.subject_upserted import SUBJECT_UPSERTED
from shared.store.filled import Filled, believed
from shared.store.ledgers import Ledgers

EntriesOf = Callable[[str], list[Fact]]
"""All entries that a subject's ledger has; raises `StoreUnavailable` and `Rebuilding`."""


def entries_in(ledgers: Ledgers, filled: Filled) -> EntriesOf:
    """As the scoring workers keep them."""

    def look(subject_id: str) -> list[Fact]:
        found = ledgers.picked({subject_id: lambda _, value: ENTRY in value})[subject_id]
        filled.refuse_unfilled([bucket_of(subject_id)])
        return [fact for fact in found or () if fact.type == SUBJECT_UPSERTED]

    return lambda subject_id: believed(lambda: look(subject_id))
