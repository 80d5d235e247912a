"""One hash over the state of a store: what the facts in its ledgers are, and what scores they give on a day (pure).

Nothing that is only kept for speed (summaries, digests) goes into it. So two stores that were filled from one log have
the same hash, whatever way the facts arrived; and where they do not, the hashes of the subjects say which one differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date
from typing import Any

from shared.credit.audience import view_for
from shared.credit.canonical import canonical, sha256_of
from shared.credit.dossiers import gather, kind_of
from shared.credit.facts import Fact
from shared.credit.receipt import refusals
from shared.credit.rulebook import NoRulebook, Rulebooks
from shared.credit.score import Account, open_account
from shared.credit.summary import LEDGERS
from shared.store.entries import merge

_OF_A_SCORE = ("score", "grade", "basis", "next_change_on")


def subject_hash(subject_id: str, facts: Iterable[Fact], rulebooks: Rulebooks, as_of: date) -> str:
    """SHA-256 over the canonical JSON of a subject's state."""
    return sha256_of(state_of(subject_id, facts, rulebooks, as_of))


def state_of(subject_id: str, facts: Iterable[Fact], rulebooks: Rulebooks, as_of: date) -> dict[str, Any]:
    """A subject's facts with all copies that conflict, those that are refused, and the scores of both ledgers.

    A score is null before the first version of the kind's rulebook. The public ledger is shown whole, also where the
    rulebook publishes no score.
    """
    distinct = sorted(merge({}, facts)[0].values(), key=_order)
    versions = rulebooks.of(kind_of(subject_id))
    dossiers = gather(subject_id, distinct, versions)
    return {
        "subject_id": subject_id,
        "facts": [_line(fact) for fact in distinct],
        "rejected": refusals(dossiers.rejected),
        **{ledger: _score(open_account(dossiers, versions, ledger), as_of) for ledger in LEDGERS},
    }


def lines(hashes: Mapping[str, str]) -> Iterator[str]:
    """The hashes of subjects by subject id, as `sha256sum` writes those of files; ids are ordered by their bytes."""
    for subject_id in sorted(hashes, key=str.encode):
        yield f"{hashes[subject_id]}  {subject_id}\n"


def state_hash(hashes: Mapping[str, str]) -> str:
    """SHA-256 over all lines, so that `sha256sum` of a file of them gives it too."""
    whole = hashlib.sha256()
    for line in lines(hashes):
        whole.update(line.encode())
    return whole.hexdigest()


def _order(fact: Fact) -> tuple[Any, ...]:
    return fact.source, fact.id, fact.recorded_at, canonical([fact.type, fact.time, fact.data])


def _line(fact: Fact) -> dict[str, Any]:
    recorded = fact.recorded_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "source": fact.source,
        "id": fact.id,
        "type": fact.type,
        "time": fact.time,
        "data": fact.data,
        "recorded_at": recorded,
    }


def _score(account: Account, as_of: date) -> dict[str, Any] | None:
    try:
        view = view_for("internal", account, as_of)
    except NoRulebook:
        return None
    return {name: view[name] for name in _OF_A_SCORE}
