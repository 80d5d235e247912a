"""Whether what is kept of a subject is what its facts give."""

from __future__ import annotations

from datetime import date

from shared.credit.rulebook import Rulebooks
from shared.credit.summary import summarise
from shared.store.entries import EMPTY, Entries, digest_of
from shared.store.ledgers import Ledgers, Stored


def digest(entries: Entries) -> str:
    """The digest that a ledger with these entries has."""
    return digest_of(EMPTY, entries.items(), ())


def differing(subject_id: str, stored: Stored, rulebooks: Rulebooks) -> list[str]:
    """The parts of what is kept that its facts do not give on the summary's own day; none where all is right.

    `facts` says that the ledger holds other facts than its version says, `summary` that there is none; the others are
    the summary's own fields.
    """
    version, kept, entries = stored
    parts = [] if version.digest == digest(entries) else ["facts"]
    if kept is None or not version.day:
        return [*parts, "summary"]
    right, _ = summarise(subject_id, entries.values(), rulebooks, date.fromordinal(version.day))
    absent = object()
    return parts + sorted(
        name for name in right.keys() | kept.keys() if right.get(name, absent) != kept.get(name, absent)
    )


def differing_at_rest(ledgers: Ledgers, subject_id: str, stored: Stored, rulebooks: Rulebooks) -> list[str]:
    """The same of a subject that holds still: facts and summary are read apart, and a worker may come between."""
    while parts := differing(subject_id, stored, rulebooks):
        again = ledgers.load([subject_id])[subject_id]
        if again == stored:
            break
        stored = again
    return parts


def is_served(stored: Stored, rulebooks: Rulebooks) -> bool:
    """Whether a summary rests on all rulebooks; else readers compute it anew, and a worker is at it."""
    return stored.version.rulebooks >= len(rulebooks)
