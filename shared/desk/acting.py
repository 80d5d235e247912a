"""Sending dead letters again, and putting them aside: each in one transaction with the audit event that tells of it.

One desk acts at a time: it opens the log's sole writer before it reads, so that a letter it found open is open still
when its transaction goes through, and nothing is sent twice by two people at once. Even if it were, it would count
once: what is sent again is the same event under the same source and id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from shared.desk.letters import Identity, Letter, Place, Wish, standing
from shared.desk.reading import Box, read, within
from shared.eventlog import dead_letters
from shared.eventlog.own import own_message
from shared.eventlog.port import Appended, Log, Message, Record, SoleWriter, TopicPartition
from shared.events.envelope import Event
from shared.events.types.dead_letter_parked import DEAD_LETTER_PARKED
from shared.events.types.dead_letter_replayed import DEAD_LETTER_REPLAYED

SOURCE = "urn:chengxin:desk"
WRITER = "desk"
_BATCH = 200
_BATCH_BYTES = 4 << 20
_POLL_SECONDS = 1.0

Progress = Callable[[int], None]


class Outcome(NamedTuple):
    """Letters acted upon, and those named that were not, with the reason; where those sent again lie now.

    `left` is the number of those that were more than the most, and are open still.
    """

    done: list[Identity]
    skipped: list[tuple[str, str]]
    sent: dict[Identity, Place]
    left: int = 0


class Desk:
    """Acts on the letters of some boxes in the name of `by`; `audit` is the full name of the topic."""

    def __init__(self, log: Log, boxes: Collection[Box], audit: str, by: str, clock: Callable[[], datetime]) -> None:
        self._log, self._boxes, self._audit, self._by, self._clock = log, boxes, audit, by, clock

    def replay(self, wish: Wish, progress: Progress = lambda _: None, *, most: int | None = None) -> Outcome:
        """Send again what is open of what is meant, `most` of it where that is given.

        Raises `Fenced`, `LogUnavailable`; what is done by then is done.
        """
        writer = self._log.sole_writer(WRITER)
        try:
            chosen, skipped = self._chosen(wish, lambda each: each.state == "open")
            sent: dict[Identity, Place] = {}
            for batch in self._batches(chosen[:most]):
                places = self._send(writer, batch)
                sent |= {letter.identity: place for (letter, _), place in zip(batch, places, strict=True)}
                progress(len(sent))
        finally:
            writer.close()
        return Outcome(list(sent), skipped, sent, len(chosen) - len(sent))

    def park(self, wish: Wish, reason: str) -> Outcome:
        """Put aside what is meant and open, or sent again and not heard of since.

        Raises `ValueError` for a bad reason, `Fenced`, `LogUnavailable`.
        """
        writer = self._log.sole_writer(WRITER)
        try:
            chosen, skipped = self._chosen(wish, lambda each: each.state != "resolved" and not each.succeeded_by)
            messages = [self._event(DEAD_LETTER_PARKED, each.identity, {"reason": reason}) for each in chosen]
            for start in range(0, len(messages), _BATCH):
                writer.write(messages[start : start + _BATCH], lambda _: [])
        finally:
            writer.close()
        return Outcome([letter.identity for letter in chosen], skipped, {})

    def _chosen(self, wish: Wish, fit: Callable[[Letter], bool]) -> tuple[list[Letter], list[tuple[str, str]]]:
        """Fit letters that are meant; of those named by their ids also which are not there or not fit, and why."""
        letters = read(self._log, within(self._boxes, wish.topics), self._audit)
        meant = [letter for letter in letters.values() if wish.takes(letter)]
        named = {name for each in meant for name in (str(each.identity), str(each.identity).rpartition(":")[0])}
        skipped = [(name, "is no dead letter here, or not of these filters") for name in sorted(wish.ids - named)]
        if wish.ids:
            skipped += [(str(each.identity), standing(each)) for each in meant if not fit(each)]
        return [letter for letter in meant if fit(letter)], skipped

    def _batches(self, chosen: Sequence[Letter]) -> Iterator[list[tuple[Letter, Record]]]:
        """The letters with their content, read again from where they lie, a bounded number at once."""
        wanted: dict[TopicPartition, dict[int, Letter]] = {}
        for letter in chosen:
            wanted.setdefault(TopicPartition(letter.at.topic, letter.at.partition), {})[letter.at.offset] = letter
        batch: list[tuple[Letter, Record]] = []
        size = 0
        for at, by_offset in wanted.items():
            for record in self._from(at, min(by_offset), max(by_offset)):
                if (meant := by_offset.get(record.offset)) is not None:
                    batch.append((meant, record))
                    size += dead_letters.size_of(record)
                    if len(batch) >= _BATCH or size >= _BATCH_BYTES:
                        yield batch
                        batch, size = [], 0
        if batch:
            yield batch

    def _from(self, at: TopicPartition, first: int, last: int) -> Iterator[Record]:
        reader = self._log.assign([at])
        try:
            reader.seek(at, first)
            while reader.position(at) <= last:
                yield from reader.poll(timeout=_POLL_SECONDS, most=_BATCH)
        finally:
            reader.close()

    def _send(self, writer: SoleWriter, batch: Sequence[tuple[Letter, Record]]) -> list[Place]:
        def told(places: Sequence[Appended]) -> list[Message]:
            return [
                self._event(
                    DEAD_LETTER_REPLAYED,
                    letter.identity,
                    {
                        "attempts": letter.attempts,
                        "to": {"topic": place.topic, "partition": place.partition, "offset": place.offset},
                    },
                )
                for (letter, _), place in zip(batch, places, strict=True)
            ]

        places = writer.write([dead_letters.replay(record) for _, record in batch], told)
        return [Place(place.topic, place.partition, place.offset) for place in places]

    def _event(self, type_: str, identity: Identity, more: dict[str, Any]) -> Message:
        """An audit event of a letter; its id is the letter's, so that nobody can tell the same twice."""
        data = {**identity._asdict(), "by": self._by, **more}
        id_ = hashlib.sha256(f"{type_} {identity}".encode()).hexdigest()
        subject = f"dead-letter:{identity}"
        return own_message(self._audit, Event(id_, SOURCE, type_, subject, self._clock().isoformat(), data))
