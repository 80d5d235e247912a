"""Builds the look-up service from settings, after the fork; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from services.lookup.desk import Desk
from services.lookup.http import subjects
from services.lookup.reading import SubjectReader
from services.lookup.store_reader import StoreReader
from shared.credit.rulebook import Rulebooks
from shared.settings import Settings
from shared.store.client import Store, StoreUnavailable
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers
from shared.store.progress import Bookkeeping
from shared.web.app import Service
from shared.web.health import Check

NAME = "lookup"
TITLE = "Look-ups 查询"
DESCRIPTION = "What is true of a subject, by whom it may be seen, and why: scores, grades and their receipts."


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def reader_of(store: Store, settings: Settings) -> StoreReader:
    """The reader of subjects over a store."""
    keys = Keys(settings.key_prefix)
    return StoreReader(Ledgers(store, keys), Bookkeeping(store, keys), settings.subject_partitions)


def service(
    reader: SubjectReader,
    rulebooks: Callable[[], Rulebooks | None],
    *,
    clock: Callable[[], datetime] = now,
    checks: dict[str, Check] | None = None,
) -> Service:
    """The service; `rulebooks` gives None until they were read once."""
    desk = Desk(reader, rulebooks)
    ready: dict[str, Check] = {"rulebooks": lambda: None if rulebooks() is not None else "not read from the log yet"}
    return Service(NAME, TITLE, DESCRIPTION, [subjects(desk, clock)], ready | (checks or {}))


def store_check(store: Store) -> Check:
    """Whether the store answers."""

    def check() -> str | None:
        try:
            store.ping()
        except StoreUnavailable:
            return "does not answer"
        return None

    return check
