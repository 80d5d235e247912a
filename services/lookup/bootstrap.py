"""Builds the look-up service from settings, after the fork; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.lookup.batch.http import lookups
from services.lookup.coverage.http import coverage
from services.lookup.desk import FAILED, NO_RULEBOOK, Desk
from services.lookup.door.http import door
from services.lookup.history.http import history
from services.lookup.http import subjects
from services.lookup.level import Level
from services.lookup.lists.http import listed
from services.lookup.lists.pages import Lists
from services.lookup.plates.http import plates
from services.lookup.projection import Filing
from services.lookup.question import PAST_NOT_PUBLIC
from services.lookup.ranks.http import ranks
from services.lookup.ranks.kept import Rankings
from services.lookup.reading import DirectoryReader, SubjectReader
from services.lookup.receipt_pages import RECEIPT_CHANGED
from services.lookup.replies.http import replies
from services.lookup.rulebooks.http import rulebooks as rulebook_routes
from services.lookup.rulebooks.library import NOT_PUBLISHABLE, Library
from services.lookup.store_directory import StoreDirectory
from services.lookup.store_reader import StoreReader
from services.lookup.supposing.http import supposing
from services.lookup.sync.changes import Feed
from services.lookup.sync.http import CURSOR_BEYOND_END, Source, sync
from shared.clock import now
from shared.eventlog.port import Log
from shared.eventlog.topics import LOOKUP, RULEBOOKS, SCORES, SCORING, SUBJECT_TOPICS
from shared.projection.loop import Loop, Pace
from shared.settings import Settings
from shared.signing.signing import Signing
from shared.store import directory_reader
from shared.store.client import Store, StoreUnavailable
from shared.store.directory import Directory
from shared.store.everyone import Everyone
from shared.store.everyone import everyone as all_of
from shared.store.filled import Filled
from shared.store.keys import Keys
from shared.store.notes import Notes
from shared.store.progress import Bookkeeping
from shared.store.subjects import Subjects
from shared.web.app import Service
from shared.web.applied import NOT_APPLIED_YET, REBUILDING
from shared.web.health import Check
from shared.web.offsets import follow_committed
from shared.web.rulebooks import KnownRulebooks, follow_rulebooks

NAME = "lookup"
TITLE = "Look-ups 查询"
DESCRIPTION = "What is true of a subject, by whom it may be seen, and why: scores, grades and their receipts."
KINDS = (
    CURSOR_BEYOND_END,
    PAST_NOT_PUBLIC,
    NOT_APPLIED_YET,
    RECEIPT_CHANGED,
    REBUILDING,
    FAILED,
    NO_RULEBOOK,
    NOT_PUBLISHABLE,
)

UNSIGNED = Signing(None)


def service(
    settings: Settings, log: Log, store: Store, signing: Signing = UNSIGNED, *, clock: Callable[[], datetime] = now
) -> Service:
    """The service over a log and a store; rulebooks and offsets are followed by threads that begin here."""
    keys = Keys(settings.key_prefix)
    partitions = settings.subject_partitions
    prefix = settings.topic_prefix
    committed = follow_committed(log, SCORING, [prefix + name for name in SUBJECT_TOPICS], partitions)
    filed = follow_committed(log, LOOKUP, [prefix + SCORES], partitions)
    reader = StoreReader(store, keys, partitions, committed)
    directory = StoreDirectory(
        directory_reader.DirectoryReader(store, keys), partitions, lambda number: next(iter(filed(number).values()), 0)
    )
    known, publications = follow_rulebooks(log, prefix + RULEBOOKS)
    library = Library(publications, log, prefix)
    checks = {"store": store_check(store)}
    filled = Filled(Bookkeeping(store, keys), partitions, committed)
    source = Source(Subjects(store, keys).names, filled.applied_until, Feed(log, prefix + SCORES, partitions), prefix)
    return service_of(
        reader,
        directory,
        known,
        library,
        source,
        signing,
        everyone=lambda: all_of(Subjects(store, keys), filled),
        public_url=settings.public_url,
        clock=clock,
        checks=checks,
    )


def service_of(
    reader: SubjectReader,
    directory: DirectoryReader,
    rulebooks: KnownRulebooks,
    library: Library,
    source: Source,
    signing: Signing = UNSIGNED,
    *,
    everyone: Everyone = tuple,
    public_url: str = "",
    clock: Callable[[], datetime] = now,
    checks: dict[str, Check] | None = None,
) -> Service:
    """The service out of its parts."""
    ready: dict[str, Check] = {"rulebooks": lambda: None if rulebooks() is not None else "not read from the log yet"}
    desk = Desk(reader, rulebooks)
    routes = [
        subjects(desk, clock, signing),
        lookups(desk, clock),
        ranks(Rankings(desk, lambda: source.names()), clock),  # noqa: PLW0108  # a service may be without a source
        history(desk, clock),
        plates(desk, clock),
        replies(desk, clock),
        supposing(desk, clock),
        door(desk, clock, public_url),
        coverage(everyone, clock),
        listed(Lists(directory, desk), clock),
        sync(desk, source, clock, signing),
        rulebook_routes(library, clock),
    ]
    return Service(NAME, TITLE, DESCRIPTION, routes, ready | (checks or {}), KINDS)


def worker(
    settings: Settings,
    log: Log,
    store: Store,
    member: str,
    *,
    clock: Callable[[], datetime] = now,
    pace: Pace | None = None,
) -> Loop:
    """The directory's worker. `member` is its place in the group: static, so that a restart is no rebalance."""
    keys = Keys(settings.key_prefix)
    directory, books = Directory(store, keys), Bookkeeping(store, keys)
    level = Level(directory, books, log.latest)
    filing = Filing(settings.topic_prefix + SCORES, settings.subject_partitions, directory, books, level)
    note = Notes(store, keys, filing.group, member, clock)
    return Loop(log, filing, member=member, pace=pace or Pace(most=settings.poll_records), note=note)


def store_check(store: Store) -> Check:
    """Whether the store answers."""

    def check() -> str | None:
        try:
            store.ping()
        except StoreUnavailable:
            return "does not answer"
        return None

    return check
