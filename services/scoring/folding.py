"""From new facts of a subject to the change of its ledger (pure but for the log of our own bugs)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import orjson
import structlog

from shared.credit.dossiers import gather, kind_of
from shared.credit.facts import Fact, Identity
from shared.credit.rulebook import Rulebooks
from shared.credit.summary import Summary, summarise, whereabouts
from shared.eventlog.partitioner import bucket_of
from shared.store.entries import Entries, digest_of, merge
from shared.store.ledgers import Change, Version
from shared.version import CODE

logger = structlog.get_logger()


class Folder(NamedTuple):
    """A subject as the worker holds it: its facts, what the store knows of them, and what was last told."""

    version: Version
    entries: Entries
    told: str


class Folded(NamedTuple):
    """A change to apply, the subject as it is held after it, and the facts of it that the score refuses."""

    change: Change
    after: Folder
    rejected: dict[Identity, str]


def fold(
    subject_id: str, before: Folder, facts: Iterable[Fact], rulebooks: Rulebooks, today: date, *, silent: bool
) -> Folded | None:
    """The change that facts make; None where they are there already and nobody is to hear of it.

    Facts that are there already are judged again all the same: they were sent again as dead letters, or a crash came
    between their effect and the commit, and the letters of what is refused of them are still to be written.
    """
    added, displaced = merge(before.entries, facts)
    if silent and not added:
        return None
    digest = digest_of(before.version.digest, added.items(), displaced)
    return _folded(subject_id, before, added, digest, rulebooks, today, silent=silent)


def refold(subject_id: str, before: Folder, rulebooks: Rulebooks, today: date) -> Folded | None:
    """The change that a new day, new rulebooks or repaired code make of the same facts; None without any."""
    if not before.entries:
        return None
    return _folded(subject_id, before, {}, before.version.digest, rulebooks, today, silent=False)


def _folded(
    subject_id: str,
    before: Folder,
    added: Entries,
    digest: str,
    rulebooks: Rulebooks,
    today: date,
    *,
    silent: bool,
) -> Folded:
    entries = {**before.entries, **added}
    version = Version(digest, len(rulebooks), today.toordinal())
    summary, rejected = _summary(subject_id, entries, rulebooks, today)
    told = content_id(summary)
    due = date.fromisoformat(summary["due_on"]).toordinal() if summary.get("due_on") else None
    failed = summary.get("failed", "")
    tell = not silent and told != before.told
    change = Change(subject_id, before.version.digest, version, added, summary, due, tell, failed)
    return Folded(change, Folder(version, entries, told), rejected)


def _summary(
    subject_id: str, entries: Entries, rulebooks: Rulebooks, today: date
) -> tuple[Summary, dict[Identity, str]]:
    try:
        return summarise(subject_id, entries.values(), rulebooks, today)
    except Exception:
        # A bug of ours must stop no partition: the facts are kept, the subject is marked, and an alarm rises.
        # Which subject it is, `chengxin recompute --failed` says: logs name nobody.
        logger.exception("the fold failed", bucket=bucket_of(subject_id), code=CODE)
        failed = {"subject_id": subject_id, "kind": kind_of(subject_id), "failed": CODE}
        return failed | _whereabouts(entries), _refused_alone(subject_id, entries, rulebooks)


def _whereabouts(entries: Entries) -> Summary:
    """Where the subject is, by which it is told who may hear of the fault; nothing where the bug is in just this."""
    try:
        return whereabouts(entries.values())
    except Exception:  # noqa: BLE001 - the same bug, and told already
        return {}


def _refused_alone(subject_id: str, entries: Entries, rulebooks: Rulebooks) -> dict[Identity, str]:
    """What the score refuses of facts that it fails on: after the repair nobody reads their records for their letters.

    Where the bug is in just this, nothing is known to be refused.
    """
    try:
        return gather(subject_id, entries.values(), rulebooks.of(kind_of(subject_id))).rejected
    except Exception:  # noqa: BLE001 - the same bug, and told already
        return {}


def content_id(summary: dict[str, Any]) -> str:
    """The id of what subscribers are told: equal content, equal id, so that they can drop repeats."""
    told = {name: value for name, value in summary.items() if name != "due_on"}
    return hashlib.blake2b(orjson.dumps(told, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()
