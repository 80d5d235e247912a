"""The way out: the present summary of every subject in an outbox goes to `scores.v1` (DESIGN.md section 4, out)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice

import orjson

from services.scoring.folding import content_id
from shared.eventlog.following import Follower
from shared.eventlog.partitioner import bucket_of
from shared.eventlog.port import Log, Message, TopicPartition
from shared.events.envelope import Event
from shared.events.kafka_codec import encode
from shared.events.types.score_changed import SCORE_CHANGED
from shared.store.progress import Bookkeeping
from shared.store.tenure import Tenure

_ID = "ce_id"
_MOST = 20_000
"""Subjects in one transaction, some ten times less than it has time for: one with all subjects after a rebuild would
never end. A worker recomputes far fewer between two of them, so what is left gets less."""
_BUCKETS_AT_ONCE = 64


class Relay:
    """Sends summaries under ids made of their content; at least once, in order, the last one right."""

    def __init__(
        self,
        bookkeeping: Bookkeeping,
        log: Log,
        topic: str,
        source: str,
        now: Callable[[], datetime],
        tenure: Tenure,
    ) -> None:
        self._books = bookkeeping
        self._log = log
        self._topic = topic
        self._source = source
        self._now = now
        self._tenure = tenure
        self._dirty: dict[int, None] = {}  # in the order in which they are looked into
        self._asked: list[int] = []
        self._going: dict[int, dict[str, str]] = {}
        self.all_gone = True
        """Whether what was sent last was all that was to go out."""

    def start(self, buckets: Iterable[int]) -> None:
        """Look into all outboxes again: an earlier owner may have left something in them."""
        self._dirty.update(dict.fromkeys(buckets))
        self._asked, self._going = [], {}

    def touch(self, subject_id: str) -> None:
        """A change of this subject may have filled its bucket's outbox."""
        self._dirty.setdefault(bucket_of(subject_id))

    def messages(self, buckets: Collection[int]) -> list[Message]:
        """What of these buckets is to go out: present summaries, not those of when the outbox was filled.

        At most 20,000; the rest stays in the outboxes for the next call. Those of a bucket that is being rebuilt wait:
        they may lack facts which were told of before.
        """
        wanted = frozenset(buckets)
        self._take([bucket for bucket in self._dirty if bucket in wanted])
        return [self._message(*item) for item in self._books.summaries_of(self._going).items()]

    def gone(self) -> None:
        """All of it has gone out: take it out of the outboxes."""
        self._books.trim(self._going)
        for bucket in self._asked:
            del self._dirty[bucket]
        self._asked, self._going = [], {}

    def tell_differences(self, partitions: Collection[int], buckets: Iterable[int]) -> None:
        """After a rebuild of whole partitions: put out what is not what `scores.v1` said last, and nothing else."""
        told = self._last_told(partitions)
        for bucket in buckets:
            differing = [
                subject
                for subject, summary in self._books.summaries(bucket).items()
                if told.get(subject) != content_id(orjson.loads(summary))
            ]
            if differing:
                self._books.put_out({bucket: differing}, self._tenure)
                self._dirty.setdefault(bucket)

    def _take(self, buckets: Sequence[int]) -> None:
        """Choose what goes out, and note the buckets that are emptied by it."""
        self._asked, self._going, left = [], {}, _MOST
        for start in range(0, len(buckets), _BUCKETS_AT_ONCE):
            some = buckets[start : start + _BUCKETS_AT_ONCE]
            found = self._books.outbox(some)
            for bucket in some:
                entries = found.get(bucket, {})
                if len(entries) <= left:
                    self._asked.append(bucket)
                if going := dict(islice(entries.items(), left)):
                    self._going[bucket] = going
                    left -= len(going)
            if not left:
                break
        self.all_gone = len(self._asked) == len(buckets)

    def _message(self, subject_id: str, summary: bytes) -> Message:
        state: Mapping[str, object] = orjson.loads(summary)
        event = Event(
            id=content_id(dict(state)),
            source=self._source,
            type=SCORE_CHANGED,
            subject=subject_id,
            time=self._now().isoformat(timespec="milliseconds"),
            data=dict(state),
        )
        headers, value = encode(event)
        return Message(self._topic, subject_id.encode(), value, headers)

    def _last_told(self, partitions: Collection[int]) -> dict[str, str]:
        reader = Follower(self._log, [TopicPartition(self._topic, number) for number in partitions])
        try:
            return {r.key.decode(): (dict(r.headers)[_ID] or b"").decode() for r in reader.news() if r.key}
        finally:
            reader.close()
