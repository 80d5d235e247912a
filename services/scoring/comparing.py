"""A store that was filled beside the live one, compared with it: subject by subject, while facts keep coming.

Neither store stands still, so what differs when it is read may only be on its way. Ledgers grow, and nothing else: a
fact that one store had, the other must have once it has come to where the log ended then. So what differs is looked at
again after that, and only what is still missing is a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from services.scoring.kept import differing, differing_at_rest, is_served
from services.scoring.state_hash import order_of
from shared.credit.facts import Fact
from shared.credit.rulebook import Rulebooks
from shared.eventlog.partitioner import BUCKETS
from shared.store.entries import Entries
from shared.store.ledgers import Ledgers, Stored

_BUCKETS_AT_ONCE = 64
_SUBJECTS_AT_ONCE = 256
_SUSPECTS_AT_ONCE = 512


class Lack(NamedTuple):
    """Facts that a store should have as another has them: how many are absent, and are recorded too late."""

    absent: int
    late: int
    first: tuple[str, str] | None
    """Source and id of one of them."""


class Difference(NamedTuple):
    """What differs in a subject: facts, by who lacks them, and parts of what each store keeps that its facts deny."""

    subject_id: str
    new: Lack
    live: Lack
    kept_new: list[str]
    kept_live: list[str]

    def __bool__(self) -> bool:
        return any((self.new.first, self.live.first, self.kept_new, self.kept_live))


class Pair(NamedTuple):
    """The same of both stores."""

    new: Stored
    live: Stored


class Comparison:
    """Compares every subject, by bucket and then by id. `level` returns when both have come to the log's present end.

    `suspected` counts the subjects that differed when they were read first.
    """

    def __init__(self, new: Ledgers, live: Ledgers, rulebooks: Rulebooks, level: Callable[[], None]) -> None:
        self._new = new
        self._live = live
        self._rulebooks = rulebooks
        self._level = level
        self.suspected = 0

    def first_difference(self, seen: Callable[[Mapping[str, Pair]], None]) -> Difference | None:
        """The first subject that differs; `seen` is given subjects as they were when they were read first."""
        suspects: dict[str, Pair] = {}
        for names in self._names():
            pairs = self._pairs(names)
            seen(pairs)
            found = {name: pair for name, pair in pairs.items() if self._differs(name, pair)}
            suspects |= found
            self.suspected += len(found)
            if len(suspects) >= _SUSPECTS_AT_ONCE:
                if difference := self._confirmed(suspects):
                    return difference
                suspects.clear()
        return self._confirmed(suspects)

    def _names(self) -> Iterator[list[str]]:
        for start in range(0, BUCKETS, _BUCKETS_AT_ONCE):
            buckets = range(start, min(BUCKETS, start + _BUCKETS_AT_ONCE))
            either = self._new.versions(buckets).keys() | self._live.versions(buckets).keys()
            names = sorted(either, key=order_of)
            for first in range(0, len(names), _SUBJECTS_AT_ONCE):
                yield names[first : first + _SUBJECTS_AT_ONCE]

    def _pairs(self, names: Collection[str]) -> dict[str, Pair]:
        new, live = self._new.load(names), self._live.load(names)
        return {name: Pair(new[name], live[name]) for name in names}

    def _differs(self, name: str, pair: Pair) -> bool:
        if pair.new.entries != pair.live.entries:
            return True
        kept = [pair.new] if pair.new[:2] == pair.live[:2] else pair
        return any(self._served(stored) and differing(name, stored, self._rulebooks) for stored in kept)

    def _confirmed(self, suspects: Mapping[str, Pair]) -> Difference | None:
        if not suspects:
            return None
        self._level()
        now = self._pairs(suspects.keys())
        differences = (
            Difference(
                name,
                lack(now[name].new.entries, before.live.entries),
                lack(now[name].live.entries, before.new.entries),
                self._kept(self._new, name, now[name].new),
                self._kept(self._live, name, now[name].live),
            )
            for name, before in suspects.items()
        )
        return next(filter(None, differences), None)

    def _kept(self, ledgers: Ledgers, name: str, stored: Stored) -> list[str]:
        """Parts of what is kept of a subject, where it is known and served, that its facts deny."""
        return differing_at_rest(ledgers, name, stored, self._rulebooks) if self._served(stored) else []

    def _served(self, stored: Stored) -> bool:
        return stored.summary is not None and is_served(stored, self._rulebooks)


def lack(here: Entries, there: Entries) -> Lack:
    """What one ledger lacks of what another had before."""
    absent = [fact for field, fact in there.items() if field not in here]
    late = [fact for field, fact in there.items() if field in here and here[field].recorded_at > fact.recorded_at]
    first = min([*absent, *late], key=_order, default=None)
    return Lack(len(absent), len(late), first and first.identity)


def _order(fact: Fact) -> tuple[object, ...]:
    return fact.recorded_at, fact.identity
