"""The way out: the present summary of every subject in an outbox goes to `scores.v1` (DESIGN.md section 4, out)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

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
        self._dirty: set[int] = set()
        self._asked: set[int] = set()
        self._going: dict[int, dict[str, str]] = {}

    def start(self, buckets: Iterable[int]) -> None:
        """Look into all outboxes again: an earlier owner may have left something in them."""
        self._dirty.update(buckets)
        self._asked, self._going = set(), {}

    def touch(self, subject_id: str) -> None:
        """A change of this subject may have filled its bucket's outbox."""
        self._dirty.add(bucket_of(subject_id))

    def messages(self, buckets: Collection[int]) -> list[Message]:
        """What of these buckets is to go out: present summaries, not those of when the outbox was filled.

        Those of a bucket that is being rebuilt wait: they may lack facts which were told of before.
        """
        self._asked = self._dirty.intersection(buckets)
        self._going = self._books.outbox(sorted(self._asked)) if self._asked else {}
        return [self._message(*item) for item in self._books.summaries_of(self._going).items()]

    def gone(self) -> None:
        """All of it has gone out: take it out of the outboxes."""
        self._books.trim(self._going)
        self._dirty -= self._asked
        self._asked, self._going = set(), {}

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
                self._dirty.add(bucket)

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
