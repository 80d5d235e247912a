"""What became of an event, out of what is known of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.ingest.statements import STATING
from shared.credit.dossiers import codes_known
from shared.credit.facts import ID_CONFLICT, UNKNOWN_CODE, Fact, standing
from shared.credit.rulebook import Versions
from shared.desk.letters import Letter, Place, mark_of

STATES = {
    "applied": "It is a fact of its subject, and the score has it",
    "waiting": "It is on the log, and the worker has not come to it yet",
    "conflict": "Another content came first under the same source and id, and stands",
    "rejected": "It is kept, and counts for nothing until its reason is gone",
    "dead": "It was refused, and lies in the dead letters",
}


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of it; `place` is where it lies on the log, where that was looked up."""

    state: str
    recorded_at: datetime
    place: Place | None = None
    reason: str | None = None
    detail: str | None = None


def applied(copies: Sequence[Fact], versions: Versions | None) -> Trace | None:
    """Of an event that the ledger has, in all its copies; None where it has none.

    Without rulebooks no code is judged.
    """
    if not copies:
        return None
    recorded = min(each.recorded_at for each in copies)
    if standing(copies)[1]:
        told = "what was recorded first stands; a correction is an event of its own, with an id of its own"
        return Trace("conflict", recorded, reason=ID_CONFLICT, detail=told)
    if versions and copies[0].type in STATING and not codes_known(copies[0].type, copies[0].data, versions):
        told = "no rulebook in force on its day lists its code; it is judged again when one is published"
        return Trace("rejected", recorded, reason=UNKNOWN_CODE, detail=told)
    return Trace("applied", recorded)


def dead(letters: Collection[Letter], subject_id: str, source: str, id_: str) -> Trace | None:
    """Of an event that was refused: by its latest letter. None where none is there that nobody has resolved."""
    named = mark_of(subject_id), source, id_
    refused = [each for each in letters if (each.subject, each.source, each.id) == named and each.state != "resolved"]
    if not refused:
        return None
    latest = max(refused, key=lambda each: each.refused)
    recorded = datetime.fromtimestamp(latest.recorded / 1000, UTC)
    return Trace("dead", recorded, Place(*latest.identity[:3]), latest.reason, latest.detail)
