"""Groups and subscriptions of the log in memory: range assignment, generations, fencing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from shared.eventlog.port import BeyondEnd, Fenced, Owner, Positions, Record, TopicPartition

if TYPE_CHECKING:
    from shared.eventlog.memory import MemoryLog


class Group:
    """Members by name, and the committed offsets. Each joining or leaving begins a generation."""

    def __init__(self) -> None:
        self.offsets: dict[TopicPartition, int] = {}
        self.generation = 0
        self._members: dict[str, tuple[MemorySubscription, Mapping[str, int]]] = {}
        self._names = (f"~{number}" for number in itertools.count())

    def join(self, subscription: MemorySubscription, member: str | None, topics: Mapping[str, int]) -> None:
        """Take a member in. One with the name of another takes its place, and the other is fenced for good."""
        self._members[member or next(self._names)] = (subscription, topics)
        self.generation += 1

    def leave(self, subscription: MemorySubscription) -> None:
        """A member without a name of its own gives up its place."""
        for name, (member, _) in list(self._members.items()):
            if member is subscription and name.startswith("~"):
                del self._members[name]
                self.generation += 1

    def has(self, subscription: MemorySubscription) -> bool:
        return any(member is subscription for member, _ in self._members.values())

    def owners(self) -> dict[TopicPartition, Owner]:
        """The members by what they read."""
        return {at: Owner(name, "") for name, (member, _) in self._members.items() for at in self.share(member)}

    def share(self, subscription: MemorySubscription) -> frozenset[TopicPartition]:
        """A member's partitions by the range assignor: of each topic a run, in the order of the members' names."""
        owned = set()
        mine = next(topics for member, topics in self._members.values() if member is subscription)
        for topic, partitions in mine.items():
            readers = [member for _, (member, topics) in sorted(self._members.items()) if topic in topics]
            each, more = divmod(partitions, len(readers))
            place = readers.index(subscription)
            first = place * each + min(place, more)
            owned |= {TopicPartition(topic, first + n) for n in range(each + (place < more))}
        return frozenset(owned)


class MemorySubscription:
    """A member of a group, or (without one) a reader of given partitions."""

    def __init__(
        self,
        log: MemoryLog,
        group: Group | None,
        assigned: Callable[[frozenset[TopicPartition]], Positions],
        revoked: Callable[[frozenset[TopicPartition]], None],
    ) -> None:
        self._log, self._group, self._assigned, self._revoked = log, group, assigned, revoked
        self._generation = 0
        self._positions: dict[TopicPartition, int] = {}
        self._paused: set[TopicPartition] = set()

    def own(self, partitions: frozenset[TopicPartition]) -> None:
        """Own these partitions, at their committed offsets or their beginning."""
        offsets = self._group.offsets if self._group else {}
        self._positions = {at: offsets.get(at, 0) for at in partitions}
        self._paused = set()

    def poll(self, *, timeout: float, most: int) -> list[Record]:
        """Records of all owned partitions, each in order."""
        self._log.check()
        self._rebalance()
        with self._log.changed:
            self._log.changed.wait_for(self._has_news, timeout)
            self._log.check()
            return self._take(most)

    def owned(self) -> frozenset[TopicPartition]:
        return frozenset(self._positions)

    def position(self, at: TopicPartition) -> int:
        return self._positions[at]

    def seek(self, at: TopicPartition, offset: int) -> None:
        if at not in self._positions:
            raise ValueError(f"{at} is not owned")
        self._positions[at] = offset

    def committed(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        self._log.check()
        offsets = self._group.offsets if self._group else {}
        return {at: offsets[at] for at in partitions if at in offsets}

    def beginning_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        self._log.check()
        return dict.fromkeys(partitions, 0)

    def end_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        self._log.check()
        return {at: len(self._log.records[at]) for at in partitions}

    def offset_at(self, at: TopicPartition, milliseconds: int) -> int:
        self._log.check()
        records = self._log.records[at]
        return next((record.offset for record in records if record.timestamp >= milliseconds), len(records))

    def commit(self, positions: Positions) -> None:
        """Commit positions to the group. Raises `Fenced`."""
        self._log.check()
        if not self._group:
            raise ValueError("a reader without a group has nothing to commit to")
        if self._generation != self._group.generation or not positions.keys() <= self._positions.keys():
            raise Fenced("the partitions have another owner")
        self._group.offsets.update(positions)

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        self._paused.update(partitions)

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        self._paused.difference_update(partitions)

    def close(self) -> None:
        """Leave the group; a member with a name keeps its place for the next of that name."""
        if self._positions:
            gone, self._positions = frozenset(self._positions), {}
            self._revoked(gone)
        if self._group:
            with self._log.changed:
                self._group.leave(self)

    def _rebalance(self) -> None:
        group = self._group
        if not group or self._generation == group.generation:
            return
        if self._positions:
            gone, self._positions = frozenset(self._positions), {}
            self._revoked(gone)
        if not group.has(self):
            raise Fenced("another process has this member's name")
        generation, share = group.generation, group.share(self)
        self.own(share)
        try:
            self._positions |= self._assigned(share)
        except BaseException:
            self._positions = {}
            raise
        self._generation = generation

    def _has_news(self) -> bool:
        return any(self._positions[at] != len(self._log.records[at]) for at in self._readable())

    def _take(self, most: int) -> list[Record]:
        taken: list[Record] = []
        for at in self._readable():
            start, log = self._positions[at], self._log.records[at]
            if start > len(log):
                raise BeyondEnd(at, start, len(log))
            records = log[start : start + most - len(taken)]
            self._positions[at] += len(records)
            taken += records
        return taken

    def _readable(self) -> list[TopicPartition]:
        return [at for at in self._positions if at not in self._paused]
