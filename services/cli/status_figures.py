"""The figures of `chengxin status`, read from the log and the store; what does not answer is told, not raised."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from services.cli.connect import connection_of, open_log, open_store
from shared.desk.reading import boxes, read
from shared.eventlog import topics
from shared.eventlog.lag import Standing, oldest, standings
from shared.eventlog.partitioner import BUCKETS
from shared.eventlog.port import LogUnavailable, TopicPartition, UnknownTopic
from shared.settings import Settings
from shared.store.breakers import Breakers
from shared.store.client import StoreUnavailable
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers
from shared.store.notes import notes
from shared.store.progress import Bookkeeping


class Row(NamedTuple):
    """A topic partition and the group that judges it. `oldest_seconds` is the age of the first record not read yet."""

    topic: str
    partition: int
    group: str
    owner: str
    committed: int
    end: int
    lag: int
    oldest_seconds: float | None
    breaker: str | None


@dataclass
class Figures:
    """Everything that is known now."""

    rows: list[Row] = field(default_factory=list)
    totals: dict[str, Any] = field(default_factory=dict)
    down: list[str] = field(default_factory=list)

    def trouble(self) -> list[str]:
        """What needs somebody, a sentence each."""
        found = list(self.down)
        found += [f"{row.topic}:{row.partition} has stopped: {row.breaker}" for row in self.rows if row.breaker]
        orphans = [row for row in self.rows if row.lag and not row.owner]
        if orphans:
            found.append(f"{len(orphans)} partitions have records to read and no owner: are the workers running?")
        if failed := self.totals.get("failed_subjects"):
            found.append(f"{failed} subjects could not be scored: see the workers' logs, then `chengxin recompute`")
        return found


def gather(found: Settings) -> Figures:
    """Ask the log and the store."""
    figures = Figures()
    store, keys = open_store(found), Keys(found.key_prefix)
    opened: dict[TopicPartition, str] = {}
    try:
        names = [found.topic_prefix + name for name in topics.SUBJECT_TOPICS]
        places = [TopicPartition(name, number) for name in names for number in range(found.subject_partitions)]
        opened = {at: tally.opened for at, tally in Breakers(store, keys).read(places).items() if tally.opened}
        figures.totals |= _of_store(Ledgers(store, keys), Bookkeeping(store, keys), found.subject_partitions)
    except StoreUnavailable as error:
        figures.down.append(f"the store does not answer ({error})")
    try:
        figures.rows = _rows(found, opened)
        members = sorted({row.owner.partition("@")[0] for row in figures.rows if row.group == topics.SCORING} - {""})
        if not figures.down:
            figures.totals["last_waits"] = [
                f"worker {name}: {note.reason}, {note.since} to {note.until or 'now'}"
                for name, note in notes(store, keys, topics.SCORING, members).items()
            ]
        figures.totals["dead_letters"] = _letters(found)
    except (LogUnavailable, UnknownTopic) as error:
        figures.down.append(f"the log does not answer ({error})")
    except StoreUnavailable as error:
        figures.down.append(f"the store does not answer ({error})")
    finally:
        store.close()
    return figures


def _of_store(ledgers: Ledgers, books: Bookkeeping, partitions: int) -> dict[str, Any]:
    progress = books.progress(range(BUCKETS))
    applied = [books.applied(number) for number in range(partitions)]
    swept = books.swept(range(partitions))
    return {
        "subjects": len(versions := ledgers.versions(range(BUCKETS))),
        "failed_subjects": len(ledgers.failed(range(BUCKETS))),
        "to_recompute": _stale(version.rulebooks for version in versions.values()),
        "not_yet_told": sum(map(len, books.outbox(range(BUCKETS)).values())),
        "buckets_rebuilding": sum(bool(each.rebuilding) for each in progress),
        "records_behind": max((each.behind for each in progress), default=0),
        "applied_until": min(applied).isoformat() if all(applied) else None,  # type: ignore[type-var, union-attr]
        "swept_for": min(swept).isoformat() if all(swept) else None,  # type: ignore[type-var, union-attr]
    }


def _stale(rulebooks: Iterable[int]) -> int:
    """Summaries that rest on fewer rulebooks than others do: the workers are at them."""
    counts = Counter(rulebooks)
    return counts.total() - counts[max(counts)] if counts else 0


def _rows(found: Settings, opened: dict[TopicPartition, str]) -> list[Row]:
    connection, log = connection_of(found), open_log(found)
    try:
        prefix = found.topic_prefix
        read_by = {
            topics.INGEST: [prefix + topics.inbox_of(organ) for organ in found.organs],
            topics.SCORING: [prefix + name for name in topics.SUBJECT_TOPICS],
        }
        stand: dict[tuple[str, TopicPartition], Standing] = {}
        for group, names in read_by.items():
            stand |= {(group, at): each for at, each in standings(connection, group, names).items()}
        first = oldest(log, {at: each.committed for (_, at), each in stand.items() if each.lag})
    finally:
        log.close()
    now = time.time()
    return [
        Row(
            *at, group, each.owner, each.committed, each.end, each.lag,
            max(0.0, now - first[at] / 1000) if at in first else None,
            opened.get(at),
        )
        for (group, at), each in sorted(stand.items())
    ]  # fmt: skip


def _letters(found: Settings) -> dict[str, int]:
    log = open_log(found)
    try:
        held = boxes(found.topic_prefix, found.subject_partitions, found.organs)
        return dict(Counter(each.state for each in read(log, held, found.topic_prefix + topics.AUDIT).values()))
    finally:
        log.close()
