"""What subscribers to webhooks were told, what is yet to be sent, and how their subscriptions go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from shared.eventlog.partitioner import bucket_of
from shared.store.client import Call, Store, Value
from shared.store.keys import Keys

_MOST_TRIES = 200
_MOST_DEAD = 1_000
"""Of a subscription: whoever has more takes a new export."""
_FAILURES, _PAUSED, _DELIVERED, _RESUMED = "failures", "paused", "delivered", "resumed"


class Telling(NamedTuple):
    """What a record has to be remembered by, with what is to be sent by it, and what is so no longer."""

    subject_id: str
    offset: int
    text: bytes
    gone: Sequence[str] = ()
    new: Sequence[tuple[str, bytes]] = ()


class State(NamedTuple):
    """How a subscription goes: failures in a row; instants as they were written."""

    failures: int = 0
    paused_at: str | None = None
    delivered_at: str | None = None
    resumed_at: str | None = None
    """By hand, the last time."""


class Deliveries:
    """Reads and writes. Every method raises `StoreUnavailable` where the store cannot answer."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store, self._keys = store, keys

    def told(self, subjects: Sequence[str]) -> dict[str, bytes]:
        """What is remembered of subjects; those that nothing is remembered of are left out."""
        found = self._store.pipelined(lambda pipe, name: pipe.hget(self._keys.told(bucket_of(name)), name), subjects)
        return {name: text for name, text in zip(subjects, found, strict=True) if text is not None}

    def tell(self, tellings: Iterable[Telling]) -> None:
        """Remember records, with what is to be sent by them. One that was remembered before changes nothing."""
        buckets: dict[int, list[Value]] = {}
        numbers: dict[int, int] = {}
        for each in tellings:
            bucket = bucket_of(each.subject_id)
            arguments = buckets.setdefault(bucket, [])
            numbers[bucket] = numbers.get(bucket, 0) + 1
            arguments += [each.subject_id, each.offset, each.text, len(each.gone), *each.gone, len(each.new)]
            arguments += [part for pair in each.new for part in pair]
        calls = [
            Call([self._keys.told(bucket), self._keys.deliveries(bucket)], [numbers[bucket], *arguments])
            for bucket, arguments in buckets.items()
        ]
        self._store.run("tell", calls)

    def waiting(self, buckets: Sequence[int]) -> dict[str, bytes]:
        """All that is yet to be sent of some buckets, by delivery."""
        found = self._store.pipelined(lambda pipe, bucket: pipe.hgetall(self._keys.deliveries(bucket)), buckets)
        return {name.decode(): text for here in found for name, text in here.items()}

    def add(self, subject_id: str, delivery_id: str, text: bytes) -> None:
        """Say of one more that it is to be sent."""
        key = self._keys.deliveries(bucket_of(subject_id))
        self._store.pipelined(lambda pipe, name: pipe.hset(key, name, text), [delivery_id])

    def revise(self, subject_id: str, delivery_id: str, text: bytes) -> None:
        """Say anew what is to be sent, unless another came in its place meanwhile."""
        self._store.run("revise", [Call([self._keys.deliveries(bucket_of(subject_id))], [delivery_id, text])])

    def forget(self, subject_id: str, delivery_ids: Sequence[str]) -> None:
        """Nothing is to be sent of these any more."""
        key = self._keys.deliveries(bucket_of(subject_id))
        self._store.pipelined(lambda pipe, name: pipe.hdel(key, name), delivery_ids)

    def told_until(self, numbers: Sequence[int]) -> dict[int, int]:
        """Up to where partitions are told; 0 where the store knows nothing of one."""
        found = self._store.pipelined(lambda pipe, number: pipe.get(self._keys.told_until(number)), numbers)
        return {number: int(text or 0) for number, text in zip(numbers, found, strict=True)}

    def set_told_until(self, offsets: Mapping[int, int]) -> None:
        """Say up to where."""
        pairs = list(offsets.items())
        self._store.pipelined(lambda pipe, pair: pipe.set(self._keys.told_until(pair[0]), pair[1]), pairs)

    def states(self) -> dict[str, State]:
        """How all subscriptions go that anything was tried for."""
        [found] = self._store.pipelined(lambda pipe, _: pipe.hgetall(self._keys.subscriptions()), [None])
        words: dict[str, dict[str, str]] = {}
        for field, text in found.items():
            subscription, _, word = field.decode().partition(":")
            words.setdefault(subscription, {})[word] = text.decode()
        return {
            name: State(int(said.get(_FAILURES, 0)), said.get(_PAUSED), said.get(_DELIVERED), said.get(_RESUMED))
            for name, said in words.items()
        }

    def succeeded(self, subscription_id: str, at: str) -> None:
        """A delivery was taken."""
        key = self._keys.subscriptions()
        said = {f"{subscription_id}:{_FAILURES}": 0, f"{subscription_id}:{_DELIVERED}": at}
        self._store.pipelined(lambda pipe, fields: pipe.hset(key, mapping=fields), [said])

    def failed(self, subscription_id: str) -> int:
        """A try failed; how many did in a row."""
        key, field = self._keys.subscriptions(), f"{subscription_id}:{_FAILURES}"
        [number] = self._store.pipelined(lambda pipe, name: pipe.hincrby(key, name, 1), [field])
        return int(number)

    def pause(self, subscription_id: str, at: str) -> None:
        """Nothing is tried until it is resumed."""
        key = self._keys.subscriptions()
        self._store.pipelined(lambda pipe, field: pipe.hsetnx(key, field, at), [f"{subscription_id}:{_PAUSED}"])

    def resume(self, subscription_id: str, at: str) -> None:
        """Try again, from then on."""
        key = self._keys.subscriptions()
        self._store.pipelined(lambda pipe, field: pipe.hset(key, field, at), [f"{subscription_id}:{_RESUMED}"])
        fields = [f"{subscription_id}:{word}" for word in (_PAUSED, _FAILURES)]
        self._store.pipelined(lambda pipe, field: pipe.hdel(key, field), fields)

    def tried(self, subscription_id: str, text: bytes) -> None:
        """Note a try; the latest are kept."""
        key = self._keys.subscription(subscription_id, "tries")
        self._store.pipelined(lambda pipe, line: pipe.lpush(key, line), [text])
        self._store.pipelined(lambda pipe, most: pipe.ltrim(key, 0, most - 1), [_MOST_TRIES])

    def tries(self, subscription_id: str) -> list[bytes]:
        """The latest tries, the last first."""
        key = self._keys.subscription(subscription_id, "tries")
        [found] = self._store.pipelined(lambda pipe, _: pipe.lrange(key, 0, -1), [None])
        return list(found)

    def bury(self, subscription_id: str, delivery_id: str, text: bytes) -> None:
        """Keep a delivery that was given up, so that it can be sent again; beyond a number of them none is kept."""
        key = self._keys.subscription(subscription_id, "dead")
        [number] = self._store.pipelined(lambda pipe, _: pipe.hlen(key), [None])
        if number < _MOST_DEAD:
            self._store.pipelined(lambda pipe, line: pipe.hset(key, delivery_id, line), [text])

    def dead(self, subscription_id: str) -> dict[str, bytes]:
        """Deliveries that were given up."""
        key = self._keys.subscription(subscription_id, "dead")
        [found] = self._store.pipelined(lambda pipe, _: pipe.hgetall(key), [None])
        return {name.decode(): text for name, text in found.items()}

    def raise_dead(self, subscription_id: str, delivery_id: str) -> None:
        """It is to be sent again, or what it tells is."""
        key = self._keys.subscription(subscription_id, "dead")
        self._store.pipelined(lambda pipe, name: pipe.hdel(key, name), [delivery_id])

    def ask(self, delivery_id: str, text: bytes) -> None:
        """Ask for one that was given up to be sent again."""
        self._store.pipelined(lambda pipe, name: pipe.hset(self._keys.asked(), name, text), [delivery_id])

    def asked(self) -> dict[str, bytes]:
        """What is asked for and not taken up yet, by delivery."""
        [found] = self._store.pipelined(lambda pipe, key: pipe.hgetall(key), [self._keys.asked()])
        return {name.decode(): text for name, text in found.items()}

    def answered(self, delivery_id: str) -> None:
        """It was taken up, or tells what is no longer so."""
        self._store.pipelined(lambda pipe, name: pipe.hdel(self._keys.asked(), name), [delivery_id])

    def erase(self, subscription_id: str) -> None:
        """Forget how a subscription went that is no more."""
        fields = [f"{subscription_id}:{word}" for word in (_PAUSED, _FAILURES, _DELIVERED, _RESUMED)]
        self._store.pipelined(lambda pipe, field: pipe.hdel(self._keys.subscriptions(), field), fields)
        kept = [self._keys.subscription(subscription_id, what) for what in ("tries", "dead")]
        self._store.pipelined(lambda pipe, key: pipe.delete(key), kept)
