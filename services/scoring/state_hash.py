"""One hash over the state of a store: what the facts in its ledgers are, and what scores they give on a day (pure).

Nothing that is only kept for speed (summaries, digests) goes into it. So two stores that were filled from one log have
the same hash, whatever way the facts arrived; and where they do not, the hashes of the subjects say which one differs.

What is hashed is a text. Its first line is `RULEBOOKS  rulebooks, scores of DAY`: the SHA-256 over the lines ID,
VERSION and SHA-256 of each published version, sorted, and the day of the scores. Then comes a line for each subject as
`sha256sum` writes it, `HASH  SUBJECT`, by bucket (murmur2 of the id as in Kafka's partitioner, modulo 1024) and then by
the id's bytes. HASH is the SHA-256 over the canonical JSON (RFC 8785) of `state_of` the subject.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date
from typing import Any

from shared.credit.audience import view_for
from shared.credit.canonical import canonical, sha256_of
from shared.credit.dossiers import gather, kind_of
from shared.credit.facts import Fact
from shared.credit.receipt import refusals
from shared.credit.rulebook import NoRulebook, Rulebooks
from shared.credit.score import Account, open_accounts
from shared.eventlog.partitioner import bucket_of
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
        **{ledger: _score(account, as_of) for ledger, account in open_accounts(dossiers, versions).items()},
    }


class StateHash:
    """The hash over subjects that are added one after another in their order; nothing of them is kept.

    Beside the hash over all there is one for each partition, over the first line and the lines of its subjects.
    """

    def __init__(self, rulebooks: Rulebooks, as_of: date, partitions: int) -> None:
        self.first_line = f"{rulebooks.digest}  rulebooks, scores of {as_of}\n"
        self.subjects = 0
        self._whole = hashlib.sha256(self.first_line.encode())
        self._parts = [self._whole.copy() for _ in range(partitions)]
        self._last = (-1, "")

    def add(self, subject_id: str, digest: str) -> str:
        """Add a subject with its hash; the answer is its line."""
        order = bucket, _ = order_of(subject_id)
        if order <= self._last:
            raise ValueError(f"{subject_id} does not come after {self._last[1]}")
        line = f"{digest}  {subject_id}\n"
        for each in (self._whole, self._parts[bucket % len(self._parts)]):
            each.update(line.encode())
        self.subjects, self._last = self.subjects + 1, order
        return line

    @property
    def whole(self) -> str:
        """SHA-256 over all lines, so that `sha256sum` of a file of them gives it too."""
        return self._whole.hexdigest()

    @property
    def partitions(self) -> list[str]:
        """The hash of each partition."""
        return [each.hexdigest() for each in self._parts]


def order_of(subject_id: str) -> tuple[int, str]:
    """What sorts subjects. Python compares texts by code points, which is the order of their bytes in UTF-8."""
    return bucket_of(subject_id), subject_id


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
        view = view_for("internal", account, as_of, as_of)
    except NoRulebook:
        return None
    return {name: view[name] for name in _OF_A_SCORE}
