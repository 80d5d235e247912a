"""What the store keeps of subjects: ledgers with their summaries, changed together, a bucket at a time."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from shared.credit.facts import Fact
from shared.eventlog.partitioner import bucket_of
from shared.store.client import Call, Store, Value
from shared.store.entries import EMPTY, Entries, parse_entries, value_of
from shared.store.keys import Keys
from shared.store.tenure import Displaced, Tenure

_GLOB = re.compile(r"[\\*?\[\]]")
_WHOLE = 1 << 30
"""More fields than any ledger has: one command looks at them all."""
_DISPLACED = 0
"""The script's answer where the bucket has another stamp."""


Pick = Callable[[bytes, bytes], bool]
"""Whether a fact is wanted, by its field and its value as they are kept: most are not, and to read them is dear."""
UNBOUND = sys.maxsize


class Version(NamedTuple):
    """What a subject's summary rests on: its facts, how many rulebooks, and the day (proleptic ordinal)."""

    digest: str = EMPTY
    rulebooks: int = 0
    day: int = 0


class Kept(NamedTuple):
    """A subject without its facts; the summary is JSON."""

    version: Version
    summary: bytes


class Stored(NamedTuple):
    """A subject as it is kept; without a summary it is unknown."""

    version: Version
    summary: dict[str, Any] | None
    entries: Entries


class Change(NamedTuple):
    """New facts of a subject, or none, with the summary that follows.

    `tell` says that the summary must go out, `failed` is the code's version where that could make none.
    """

    subject_id: str
    expected: str
    version: Version
    added: Entries
    summary: Mapping[str, Any]
    due: int | None
    tell: bool
    failed: str = ""


class Ledgers:
    """Reads and writes subjects. Every method raises `StoreUnavailable` where the store cannot answer."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def load(self, subjects: Collection[str]) -> dict[str, Stored]:
        """Subjects with all their facts."""
        names = list(subjects)
        entries = self.entries(names)
        return {
            subject: Stored(*head, entries[subject]) for subject, head in zip(names, self.heads(names), strict=True)
        }

    def entries(self, subjects: Sequence[str]) -> dict[str, Entries]:
        """The facts of subjects alone."""
        ledgers = self._store.pipelined(
            lambda pipe, subject: pipe.hgetall(self._keys.ledger(bucket_of(subject), subject)), subjects
        )
        return {subject: parse_entries(subject, ledger) for subject, ledger in zip(subjects, ledgers, strict=True)}

    def copies(self, subject_id: str, source: str, id_: str) -> list[Fact]:
        """The facts of a subject that have an identity: more than one where their contents differ."""
        pattern = _GLOB.sub(r"\\\g<0>", f"{source}\n{id_}\n") + "*"
        key = self._keys.ledger(bucket_of(subject_id), subject_id)
        [(_, found)] = self._store.pipelined(lambda pipe, _: pipe.hscan(key, match=pattern, count=_WHOLE), [None])
        return list(parse_entries(subject_id, found).values())

    def picked(
        self, picks: Mapping[str, Pick], most: int = UNBOUND, in_all: int = UNBOUND
    ) -> dict[str, list[Fact] | None]:
        """Of subjects those facts that are picked, by field and value as they are kept.

        None where a ledger has more than so many facts, or all together would: it was not looked at, so that the cost
        is bounded.
        """
        sizes = self._store.pipelined(
            lambda pipe, subject: pipe.hlen(self._keys.ledger(bucket_of(subject), subject)), list(picks)
        )
        looked_at, total = list[str](), 0
        for subject, size in sorted(zip(picks, sizes, strict=True), key=lambda each: each[1]):
            total += size
            if size <= most and total <= in_all:
                looked_at.append(subject)
        ledgers = self._store.pipelined(
            lambda pipe, subject: pipe.hgetall(self._keys.ledger(bucket_of(subject), subject)), looked_at
        )
        found: dict[str, list[Fact] | None] = dict.fromkeys(picks)
        for subject, ledger in zip(looked_at, ledgers, strict=True):
            named = {field: value for field, value in ledger.items() if picks[subject](field, value)}
            found[subject] = list(parse_entries(subject, named).values())
        return found

    def heads(self, subjects: Sequence[str]) -> list[tuple[Version, dict[str, Any] | None]]:
        """The versions and summaries of subjects, without their facts; None where nothing is known of one."""
        keys = self._keys
        found = self._store.pipelined(
            lambda pipe, subject: pipe.hget(keys.heads(bucket_of(subject)), subject), subjects
        )
        heads = [parse_kept(each) if each else None for each in found]
        return [(each.version, orjson.loads(each.summary)) if each else (Version(), None) for each in heads]

    def read(self, subject_id: str) -> tuple[Version, dict[str, Any] | None]:
        """A subject's version and summary, without its facts."""
        return self.heads([subject_id])[0]

    def versions(self, buckets: Sequence[int]) -> dict[str, Version]:
        """What the summary of each subject of some buckets rests on."""
        answers = self._store.run("versions", [Call([self._keys.heads(bucket)], []) for bucket in buckets])
        return {
            subject.decode(): parse_kept(kept).version
            for answer in answers
            for subject, kept in zip(answer[::2], answer[1::2], strict=True)
        }

    def due(self, buckets: Sequence[int], day: int) -> set[str]:
        """Subjects of some buckets whose summaries end to be true on a day (proleptic ordinal) or before."""
        answers = self._store.pipelined(
            lambda pipe, bucket: pipe.zrangebyscore(self._keys.due(bucket), "-inf", day), buckets
        )
        return {subject.decode() for answer in answers for subject in answer}

    def failed(self, buckets: Sequence[int]) -> dict[str, str]:
        """Subjects of some buckets that could not be scored, with the version of the code that failed."""
        answers = self._store.pipelined(lambda pipe, bucket: pipe.hgetall(self._keys.failed(bucket)), buckets)
        return {subject.decode(): code.decode() for answer in answers for subject, code in answer.items()}

    def set_due(self, subjects: Sequence[str], day: int) -> None:
        """Have subjects recomputed by whoever owns them, as if they were due on a day."""
        self._store.pipelined(
            lambda pipe, subject: pipe.zadd(self._keys.due(bucket_of(subject)), {subject: day}), subjects
        )

    def apply(self, changes: Iterable[Change], tenure: Tenure) -> list[str]:
        """Apply changes, one call per bucket; the subjects whose changes must be made anew are the answer.

        Where a bucket has such a subject, nothing of that bucket was written. Raises `Displaced`, when some buckets may
        have been written and others not.
        """
        by_bucket: dict[int, list[Change]] = defaultdict(list)
        for change in changes:
            by_bucket[bucket_of(change.subject_id)].append(change)
        stamps = {bucket: tenure.next() for bucket in by_bucket}
        calls = [self._call(bucket, group, tenure.left(bucket), stamps[bucket]) for bucket, group in by_bucket.items()]
        answers = dict(zip(by_bucket, self._store.run("apply", calls), strict=True))
        tenure.leave((bucket, stamps[bucket]) for bucket, conflicts in answers.items() if not conflicts)
        if [_DISPLACED] in answers.values():
            raise Displaced
        return [change.subject_id for bucket, conflicts in answers.items() if conflicts for change in by_bucket[bucket]]

    def _call(self, bucket: int, changes: Sequence[Change], expected: str, stamp: str) -> Call:
        keys = self._keys
        arguments: list[Value] = [expected, stamp, len(changes)]
        for change in changes:
            version = change.version
            arguments += (change.subject_id, change.expected, version.digest, version.rulebooks, version.day)
            arguments += (orjson.dumps(change.summary), "" if change.due is None else change.due)
            arguments += ("1" if change.tell else "", change.failed, len(change.added))
            for field, fact in change.added.items():
                arguments += (field, value_of(fact))
        heads = [keys.stamp, keys.heads, keys.due, keys.outbox, keys.failed]
        ledgers = [keys.ledger(bucket, change.subject_id) for change in changes]
        return Call([*(key(bucket) for key in heads), *ledgers], arguments)


def parse_kept(kept: bytes) -> Kept:
    """What is kept of a subject without its facts."""
    digest, rulebooks, day, summary = kept.split(b" ", 3)
    return Kept(Version(digest.decode(), int(rulebooks), int(day)), summary)
