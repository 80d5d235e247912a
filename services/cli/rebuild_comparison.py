"""The comparison of a store that was filled with the live one, as the command makes it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from threading import Event
from typing import NamedTuple

from services.cli import rulebook_sources as sources
from services.cli.going_through import bar, place_of
from services.cli.installation import fail
from services.scoring.comparing import Comparison, Difference, Pair
from services.scoring.filling import Filling
from services.scoring.state_hash import StateHash, subject_hash
from shared.eventlog.partitioner import BUCKETS
from shared.eventlog.port import Positions
from shared.projection.publishing import published
from shared.settings import Settings
from shared.store.client import Store
from shared.store.keys import Keys, field_of
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping
from shared.store.subjects import NotReady, Subjects

_LOOK_SECONDS = 0.2
LIVE_SECONDS = 120.0
"""How long live workers may take to come to where the log ended when something was found to differ."""


class NotLevel(Exception):
    """The live store is not where the log ends, so nothing can be said; a sentence."""


class Compared(NamedTuple):
    """What came of it. The hash is that of both stores, or None where facts came while they were read."""

    as_of: date
    subjects: int
    state_hash: str | None
    difference: Difference | None


def compared(
    here: sources.Published, live: Store, target: Settings, new: Store, filling: Filling, stop: Event
) -> Compared:
    """Compare all subjects. Raises `NotLevel` and `StoreUnavailable`."""
    keys = Keys(here.settings.key_prefix)
    books = Bookkeeping(live, keys)
    subjects = Subjects(live, keys)
    try:
        subjects.applied_until(here.settings.subject_partitions)
    except NotReady as error:
        raise NotLevel(f"filled, but there is nothing to compare with: {error}") from None
    rulebooks, as_of = published(here.log, here.topic), sources.today()
    both = StateHash(rulebooks, as_of, here.settings.subject_partitions)

    def level() -> None:
        ends = filling.ends(stop)
        filling.reach(ends, stop)
        _wait(books, ends, here.settings.subject_partitions, stop)

    comparison = Comparison(Ledgers(new, Keys(target.key_prefix)), Ledgers(live, keys), rulebooks, level)
    with bar("Comparison") as progress:
        task = progress.add_task("subjects", total=subjects.count())

        def seen(pairs: Mapping[str, Pair]) -> None:
            for name, pair in pairs.items():
                try:
                    both.add(name, subject_hash(name, pair.new.entries.values(), rulebooks, as_of))
                except Exception as error:  # noqa: BLE001 - our own bug for a subject; without it there is no hash
                    fail(f"{name} cannot be scored: {place_of(error)}")
            progress.advance(task, len(pairs))

        difference = comparison.first_difference(seen)
    return Compared(as_of, both.subjects, None if comparison.suspected else both.whole, difference)


def _wait(books: Bookkeeping, ends: Positions, partitions: int, stop: Event) -> None:
    """Wait until the live workers have come to where the log ended."""
    deadline = time.monotonic() + LIVE_SECONDS
    while behind := _behind(books, ends, partitions):
        if stop.wait(_LOOK_SECONDS) or time.monotonic() > deadline:
            raise NotLevel(f"filled, but the live store is {behind} records behind the log: do its workers run?")


def _behind(books: Bookkeeping, ends: Positions, partitions: int) -> int:
    """Records that the bucket that is most behind lacks."""
    by_partition = [
        {field_of(at): end for at, end in ends.items() if at.partition == number} for number in range(partitions)
    ]
    return max(
        sum(max(0, end - progress.positions.get(field, 0)) for field, end in by_partition[bucket % partitions].items())
        for bucket, progress in enumerate(books.progress(range(BUCKETS)))
    )
