"""What is known of the subjects of events at the door: their facts and where they are registered, from the store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from services.ingest.jurisdiction import Known
from shared.eventlog.partitioner import bucket_of
from shared.store.filled import Filled, believed
from shared.store.ledgers import Ledgers

KnownOf = Callable[[Collection[str]], Mapping[str, Known]]
"""Of subjects by their ids; raises `Rebuilding` and `StoreUnavailable`."""


def known_by(ledgers: Ledgers, filled: Filled) -> KnownOf:
    """As the scoring workers keep it; what nothing is known of has no facts and no region."""

    def read(subjects: Collection[str]) -> Mapping[str, Known]:
        names = sorted(subjects)
        stored = ledgers.load(names)
        filled.refuse_unfilled(sorted(set(map(bucket_of, names))))
        return {
            name: Known(tuple(each.entries.values()), ((each.summary or {}).get("registration") or {}).get("region"))
            for name, each in stored.items()
        }

    return lambda subjects: believed(lambda: read(subjects))


def unknown(subjects: Collection[str]) -> Mapping[str, Known]:
    """For a door without a store: nothing is known of anybody."""
    return {subject: Known() for subject in subjects}
