"""What is known of an installation at one moment: log and store asked in turn, and what of it needs somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple, TypeVar

from shared.clock import day_of
from shared.clock import now as present
from shared.desk.reading import Sort, boxes, counted
from shared.eventlog.port import Log, LogUnavailable, UnknownTopic
from shared.eventlog.topics import AUDIT, SCORING
from shared.projection.breaker import Tally
from shared.projection.figures import Line, OfLog, OfStore, of_log, of_store, outdated
from shared.settings import Settings
from shared.store.client import Store, StoreUnavailable
from shared.store.notes import Note

MOST_LETTERS = 100_000
"""Records read to tell letters by their states; more would keep whoever asks waiting."""
_FRESH = timedelta(minutes=5)
"""A worker that waits says so every few seconds: what is older was said by one that is gone."""

Part = Literal["log", "store"]
_T = TypeVar("_T")


class Figures(NamedTuple):
    """What is known at `now`; what did not answer is None, and `down` says why."""

    now: datetime
    log: OfLog | None
    store: OfStore | None
    outdated: int | None
    letters: Mapping[Sort, int] | None
    down: dict[Part, str]

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return day_of(self.now)

    def error_of(self, line: Line) -> Note | None:
        """What the owner of a partition waits for, or waited for last."""
        if self.store is None or line.standing.owner is None:
            return None
        note = self.store.notes.get((line.group, line.standing.owner.member))
        return note if note and note.error else None

    def stopped(self, line: Line) -> str:
        """Why a partition has stopped; empty where it has not, or where nobody knows."""
        tally = self.tally(line)
        return tally.opened if tally else ""

    def tally(self, line: Line) -> Tally | None:
        """What is counted of a partition's bad events, by the group that judges them."""
        return self.store.tallies.get(line.at) if self.store and line.group == SCORING else None

    def waits(self, note: Note) -> bool:
        """Whether a worker waits; one that has gone said so last some time ago."""
        return note.waits and self.now - datetime.fromisoformat(note.noted) < _FRESH

    def quiet(self, line: Line) -> bool:
        """Whether a partition is read, to its end."""
        return line.standing.owner is not None and not line.standing.lag and not self.stopped(line)

    def troubles(self) -> list[str]:
        """What needs somebody, a sentence each."""
        return [f"the {part} is down: {why}" for part, why in self.down.items()] + [
            *(_of_log(self) if self.log else ()),
            *(_of_store(self.store, self) if self.store else ()),
        ]


def gather(
    found: Settings,
    log: Log,
    store: Store,
    clock: Callable[[], datetime] = present,
    *,
    most_letters: int | None = None,
) -> Figures:
    """Ask the log and the store, each as far as it answers; letters are read where there are no more than these."""
    now, down = clock(), dict[Part, str]()
    held, audit = boxes(found.topic_prefix, found.subject_partitions, found.organs), found.topic_prefix + AUDIT
    said = _asked(down, lambda: of_log(log, found))
    letters = _asked(down, lambda: counted(log, held, audit, most=most_letters or MOST_LETTERS)) if said else None
    kept = _asked(down, lambda: of_store(store, found, day_of(now)))
    old = _asked(down, lambda: outdated(store, found, said.rulebooks)) if said and kept else None
    return Figures(now, said, kept, old, letters, down)


def _asked(down: dict[Part, str], ask: Callable[[], _T]) -> _T | None:
    try:
        return ask()
    except LogUnavailable as error:
        down["log"] = str(error)
    except UnknownTopic as error:
        down["log"] = f"it has no topic {error}; `chengxin topics apply` makes it"
    except StoreUnavailable as error:
        down["store"] = str(error)
    return None


def _of_log(figures: Figures) -> Iterator[str]:
    lines = figures.log.lines if figures.log else []
    for line in lines:
        if why := figures.stopped(line):
            yield f"{line.at.topic}:{line.at.partition} has stopped: {why}; see `chengxin breaker`"
    if orphans := [line for line in lines if line.standing.owner is None]:
        groups = " and ".join(sorted({line.group for line in orphans}))
        yield f"{len(orphans)} partitions have no owner: are the workers of {groups} running?"


def _of_store(store: OfStore, figures: Figures) -> Iterator[str]:
    for (group, member), note in store.notes.items():
        if figures.waits(note):
            yield f"worker {member} of {group} waits since {note.since}: {note.error}"
    if store.counts.failed:
        yield f"{store.counts.failed} subjects could not be scored; after a repair `chengxin recompute --failed`"
    if late := store.counts.late_days(figures.today):
        yield f"some summaries were last looked at for {store.counts.swept}, {late} days ago"
