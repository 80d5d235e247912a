"""What is counted of each topic partition's bad events, kept so that a restart or another owner goes on with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import orjson

from shared.eventlog.port import TopicPartition
from shared.projection.breaker import Tally
from shared.store.client import Store
from shared.store.keys import Keys


class Breakers:
    """Reads and writes tallies. Every method raises `StoreUnavailable` where the store cannot answer."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def read(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, Tally]:
        """The tally of each topic partition; nothing was counted of one that has none."""
        answers = self._store.pipelined(lambda pipe, at: pipe.get(self._keys.breaker(at)), places)
        return {
            at: Tally(**orjson.loads(answer)) if answer else Tally() for at, answer in zip(places, answers, strict=True)
        }

    def write(self, tallies: Mapping[TopicPartition, Tally]) -> None:
        """Keep tallies."""
        self._store.pipelined(
            lambda pipe, item: pipe.set(self._keys.breaker(item[0]), orjson.dumps(asdict(item[1]))),
            list(tallies.items()),
        )
