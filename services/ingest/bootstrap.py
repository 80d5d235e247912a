"""Builds the ingest service from settings, after the fork; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from services.ingest.doubting import glancing
from services.ingest.http import PARTLY_ACCEPTED, Judges, Limits, events
from services.ingest.keys.desk import KEY_EXISTS, NOT_ROTATABLE, OWN_KEY, KeysDesk
from services.ingest.keys.http import keys as key_routes
from services.ingest.known import KnownOf, known_by, unknown
from services.ingest.letters.desk import Letters
from services.ingest.letters.http import letters
from services.ingest.projection import Inboxes
from services.ingest.register.entries import EntriesOf, entries_in
from services.ingest.register.http import register
from services.ingest.register.registrar import Registrar
from services.ingest.tracing.http import traces
from services.ingest.tracing.tracer import Tracer
from shared.clock import now
from shared.desk.reading import boxes, read
from shared.eventlog.port import Appender, Log
from shared.eventlog.topics import ACCESS, AUDIT, RULEBOOKS, SCORING, SUBJECT_TOPICS
from shared.projection.loop import Loop, Pace, unnoted
from shared.registry.regions import prefix_of
from shared.settings import Settings
from shared.store.client import Store
from shared.store.filled import Filled
from shared.store.heads import Heads
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers
from shared.store.notes import Notes
from shared.store.progress import Bookkeeping
from shared.web.access import AccessKeys
from shared.web.app import Service
from shared.web.applied import REBUILDING
from shared.web.bounds import Bounds
from shared.web.health import Check
from shared.web.offsets import follow_committed
from shared.web.rulebooks import follow_rulebooks

NAME = "ingest"
TITLE = "Ingest 归集"
KINDS = (PARTLY_ACCEPTED, REBUILDING, KEY_EXISTS, NOT_ROTATABLE, OWN_KEY)
DESCRIPTION = "The door for enforcement events: CloudEvents 1.0 in, acknowledged by the log."


def service(
    settings: Settings,
    log: Log,
    store: Store,
    *,
    log_check: Check,
    keys: AccessKeys,
    used: Callable[[], Mapping[str, datetime]],
) -> Service:
    """The service over a log and a store; rulebooks and offsets are followed by threads that begin here."""
    judges, tracer, entries_of = kept_in(store, settings, log)
    return service_of(settings, log, judges, tracer, entries_of, log_check=log_check, keys=keys, used=used)


def service_of(
    settings: Settings,
    log: Log,
    judges: Judges,
    tracer: Tracer,
    entries_of: EntriesOf,
    *,
    log_check: Check,
    keys: AccessKeys,
    used: Callable[[], Mapping[str, datetime]],
    appender: Appender | None = None,
    clock: Callable[[], datetime] = now,
) -> Service:
    """The HTTP door on a log, the desk of what was refused, and that of access keys.

    `log_check` says whether the log answers, `keys` are those of this process, and `used` says when each was used last;
    `judges` know of subjects and rulebooks: the door works on without a store but for events of bounded keys that name
    another. `tracer` knows what became of events, `entries_of` what the register says.
    """
    limits = Limits(settings.request_bytes, settings.request_events)
    prefix = settings.topic_prefix
    held = boxes(prefix, settings.subject_partitions, settings.organs)
    desk = Letters(log, held, prefix, prefix + AUDIT, clock)
    appender = appender or log.appender()
    routes = [
        events(appender, prefix, limits, clock, judges),
        traces(tracer),
        register(Registrar(entries_of, appender, prefix, tracer, clock)),
        letters(desk),
        key_routes(KeysDesk(keys, appender, prefix + ACCESS, clock, used), clock),
    ]
    return Service(NAME, TITLE, DESCRIPTION, routes, {"log": log_check}, KINDS)


def bounds_of(organ_bounds: Collection[str]) -> dict[str, Bounds]:
    """The bounds of organs' topics out of the setting: `<organ>:<prefix of regions>` or `<organ>:<source>`."""
    found: dict[str, Bounds] = {}
    for each in organ_bounds:
        organ, _, bound = each.partition(":")
        before = found.get(organ, Bounds())
        if bound.isdigit():  # a source has letters
            found[organ] = replace(before, regions=(*before.regions, prefix_of(bound)))
        else:
            found[organ] = replace(before, sources=(*before.sources, bound))
    return found


def kept_in(store: Store, settings: Settings, log: Log) -> tuple[Judges, Tracer, EntriesOf]:
    """What the workers keep of subjects, and the rulebooks; threads that follow these begin here."""
    keys, prefix, partitions = Keys(settings.key_prefix), settings.topic_prefix, settings.subject_partitions
    rulebooks, _ = follow_rulebooks(log, prefix + RULEBOOKS)
    ledgers, books = Ledgers(store, keys), Bookkeeping(store, keys)
    filled = _filled(settings, log, books)
    held = boxes(prefix, partitions, settings.organs)
    tracer = Tracer(
        ledgers, books, filled, log, lambda: read(log, held, prefix + AUDIT).values(), rulebooks, prefix, partitions
    )

    heads = Heads(store, keys)
    judges = Judges(known_by(ledgers, heads, filled), glancing(ledgers, heads, filled), rulebooks)
    return judges, tracer, entries_in(ledgers, filled)


def _filled(settings: Settings, log: Log, books: Bookkeeping) -> Filled:
    topics, partitions = [settings.topic_prefix + name for name in SUBJECT_TOPICS], settings.subject_partitions
    return Filled(books, partitions, follow_committed(log, SCORING, topics, partitions))


def worker(
    settings: Settings,
    log: Log,
    member: str,
    *,
    store: Store | None = None,
    pace: Pace | None = None,
    clock: Callable[[], datetime] = now,
) -> Loop:
    """The Kafka door. `member` is its place in the group: static, so that a restart is no rebalance.

    A store is there for notes of how it goes, and to say whose it is what events of bounded topics name: the door works
    on without it, but for these.
    """
    known_of: KnownOf = unknown
    if store:
        keys = Keys(settings.key_prefix)
        filled = _filled(settings, log, Bookkeeping(store, keys))
        known_of = known_by(Ledgers(store, keys), Heads(store, keys), filled)
    inboxes = Inboxes(settings.organs, settings.topic_prefix, bounds_of(settings.organ_bounds), known_of)
    notes = Notes(store, Keys(settings.key_prefix), inboxes.group, member, clock) if store else None
    return Loop(log, inboxes, member=member, pace=pace or Pace(most=settings.poll_records), note=notes or unnoted)
