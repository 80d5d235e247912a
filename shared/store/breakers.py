"""What is counted of each topic partition's bad events, kept so that a restart or another owner goes on with it.

Three may write the same tally: the worker that owns the partition, one that has lost it and does not know it yet, and
whoever closes a breaker by command. So a tally is replaced only where it still is what the writer has seen of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import orjson

from shared.eventlog.port import TopicPartition
from shared.projection.breaker import Tally
from shared.store.client import Call, Store
from shared.store.keys import Keys


class Breakers:
    """Reads and writes tallies. Every method raises `StoreUnavailable` where the store cannot answer: then read again.

    It remembers the tallies as it has seen them last; one that was never read counts as seen to be absent.
    """

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        self._seen: dict[TopicPartition, bytes] = {}

    def read(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, Tally]:
        """The tally of each topic partition; nothing was counted of one that has none."""
        answers = self._store.pipelined(lambda pipe, at: pipe.get(self._keys.breaker(at)), places)
        return {at: self._see(at, answer or b"") for at, answer in zip(places, answers, strict=True)}

    def write(self, tallies: Mapping[TopicPartition, Tally]) -> dict[TopicPartition, Tally]:
        """Keep tallies. Those that somebody else has changed meanwhile stay; the answer is what these are now."""
        new = {at: orjson.dumps(asdict(tally)) for at, tally in tallies.items()}
        calls = [Call([self._keys.breaker(at)], [self._seen.get(at, b""), content]) for at, content in new.items()]
        kept = dict(zip(new, self._store.run("keep", calls), strict=True))
        found = {at: self._see(at, content) for at, content in kept.items()}
        return {at: tally for at, tally in found.items() if kept[at] != new[at]}

    def _see(self, at: TopicPartition, content: bytes) -> Tally:
        self._seen[at] = content
        return Tally(**orjson.loads(content)) if content else Tally()
