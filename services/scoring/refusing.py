"""Which facts become dead letters: of those that came, and of those that were read before (pure; SCORING.md section 1).

Topics are read at different speeds, so a copy may be read, and stand, before the one that was recorded first. Its
letter is written when that one comes. *Without that*, the order of delivery would say which copies have letters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import get_args

from services.scoring.decoding import Arrival, Refusal
from services.scoring.folding import Folded
from shared.credit.facts import ID_CONFLICT, UNKNOWN_CODE, Fact, Identity, standing, stands
from shared.eventlog.dead_letters import Reason
from shared.eventlog.port import Record

_DETAILS = {
    UNKNOWN_CODE: "the rulebook in force on the fact's date does not list its code or severity",
    ID_CONFLICT: "another fact of this source has the same id and was recorded earlier",
}
_REASONS: dict[str, Reason] = {reason: reason for reason in get_args(Reason)}


def refusal(record: Record, reason: str) -> Refusal:
    """The refusal of a record whose fact the score refuses."""
    return Refusal(record, _REASONS[reason], _DETAILS[reason])


def refused(arrivals: Iterable[Arrival], item: Folded) -> list[Refusal]:
    """What is refused of the facts that came."""
    return [
        refusal(arrival.record, reason)
        for arrival in arrivals
        if (reason := item.rejected.get(arrival.fact.identity))
        # What stands may be sent again: the copy that contradicts it is refused alone.
        and not (reason == ID_CONFLICT and stands(arrival.fact, item.after.entries.values()))
    ]


def overtaken(came: Iterable[Fact], item: Folded) -> list[Fact]:
    """Facts that were read before and are contradicted by one that came and was recorded earlier.

    They are named again when that one is read again: a crash may have come before their letters. Named is the first
    record of each; of the same content sent again later nothing is kept.
    """
    new: dict[Identity, list[Fact]] = defaultdict(list)
    for fact in came:
        if item.rejected.get(fact.identity) == ID_CONFLICT:
            new[fact.identity].append(fact)
    if not new:
        return []
    known: dict[Identity, list[Fact]] = defaultdict(list)
    for fact in item.after.entries.values():
        if fact.identity in new:
            known[fact.identity].append(fact)
    return [
        copy
        for identity, copies in known.items()
        if standing(copies)[0][0] in new[identity]
        for copy in copies
        if copy not in new[identity] and not stands(copy, copies)
    ]
