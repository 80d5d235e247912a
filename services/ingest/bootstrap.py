"""Builds the ingest service from settings, after the fork; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from services.ingest.answering import NAMED_NOT_SEEN
from services.ingest.code_tables.http import CODE_STANDS, code_tables
from services.ingest.code_tables.tables import Directory, follow
from services.ingest.hearing.desk import DECIDED, OBJECTION_OPEN
from services.ingest.hearing.desk import Desk as HearingDesk
from services.ingest.hearing.http import hearing
from services.ingest.hearing.records import Records, Terms
from services.ingest.hearing.releasing import TAKEN_BACK, Releasing
from services.ingest.hearing.writing import Writing
from services.ingest.http import PARTLY_ACCEPTED, Limits, events
from services.ingest.judges import KNOWING_NOTHING, Judges, judges_in
from services.ingest.kept import NOWHERE, Kept, kept_by
from services.ingest.keys.desk import KEY_EXISTS, NOT_ROTATABLE, OWN_KEY, KeysDesk
from services.ingest.keys.http import keys as key_routes
from services.ingest.letters.desk import Letters
from services.ingest.letters.http import letters
from services.ingest.notices.http import notices
from services.ingest.notices.issuing import Issuer
from services.ingest.organ_bounds import bounds_of
from services.ingest.projection import Inboxes
from services.ingest.register.entries import EntriesOf, entries_in
from services.ingest.register.http import register
from services.ingest.register.registrar import Registrar
from services.ingest.subject_keys.exchange import CODE_NOT_VALID, CODE_USED, Exchange
from services.ingest.subject_keys.http import subject_keys
from services.ingest.together import Together
from services.ingest.tracing.http import traces
from services.ingest.tracing.tracer import Tracer
from services.ingest.uploads.bootstrap import desk_of
from services.ingest.uploads.bootstrap import worker as uploads_worker
from services.ingest.uploads.desk import TOO_MANY_UPLOADS
from services.ingest.uploads.http import uploads
from shared.calendars import calendars_with
from shared.clock import now
from shared.credit.objections import Limits as HearingLimits
from shared.desk.followed import FollowedLetters
from shared.desk.reading import boxes
from shared.eventlog.port import Appender, Log
from shared.eventlog.topics import ACCESS, AUDIT, RULEBOOKS, SCORING, SUBJECT_TOPICS
from shared.projection.loop import Loop, Pace, unnoted
from shared.settings import Settings
from shared.store.client import Store
from shared.store.filled import Filled
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers
from shared.store.notes import Notes
from shared.store.progress import Bookkeeping
from shared.web.access import AccessKeys
from shared.web.app import Service
from shared.web.applied import REBUILDING
from shared.web.health import Check
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED
from shared.web.key_log import read_keys
from shared.web.offsets import follow_committed
from shared.web.openapi import Blueprint
from shared.web.rulebooks import follow_rulebooks

NAME = "ingest"
TITLE = "Ingest 归集"
KINDS = (
    PARTLY_ACCEPTED,
    NAMED_NOT_SEEN,
    REBUILDING,
    KEY_EXISTS,
    NOT_ROTATABLE,
    OWN_KEY,
    CODE_NOT_VALID,
    CODE_USED,
    OBJECTION_OPEN,
    DECIDED,
    TAKEN_BACK,
    CODE_STANDS,
    TOO_MANY_UPLOADS,
    IDEMPOTENCY_KEY_REUSED,
)
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
    tables = follow(log, settings.topic_prefix + ACCESS)
    judges, tracer, entries_of, kept = kept_in(store, settings, log, tables)
    return service_of(
        settings, log, judges, tracer, entries_of, log_check=log_check, keys=keys, used=used, kept=kept, tables=tables
    )


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
    kept: Kept = NOWHERE,
    tables: Directory | None = None,
    clock: Callable[[], datetime] = now,
) -> Service:
    """The HTTP door on a log, the desk of what was refused, and that of access keys.

    `log_check` says whether the log answers, `keys` are those of this process, and `used` says when each was used last;
    `judges` know of subjects and rulebooks: the door works on without a store but for events of bounded keys that name
    another. `tracer` knows what became of events, `entries_of` what the register says, `kept` what is
    known of subjects for notices and objections, `tables` has organs' own codes.
    """
    limits = Limits(settings.request_bytes, settings.request_events)
    prefix = settings.topic_prefix
    held = boxes(prefix, settings.subject_partitions, settings.organs)
    desk = Letters(log, held, prefix, prefix + AUDIT, clock)
    appender = appender or log.appender()
    routes = [
        events(appender, prefix, limits, clock, judges),
        traces(tracer),
        register(Registrar(entries_of, kept, appender, prefix, tracer, clock)),
        letters(desk),
        key_routes(KeysDesk(keys, appender, prefix + ACCESS, clock, used, kept.claims), clock),
        code_tables(tables or Directory(), appender, prefix + ACCESS, clock, judges.rulebooks, kept.claims),
        uploads(desk_of(log, appender, prefix, clock)),
        *_of_subjects(settings, kept, judges, tracer, appender, keys, clock),
    ]
    return Service(NAME, TITLE, DESCRIPTION, routes, {"log": log_check}, KINDS)


def _of_subjects(
    settings: Settings,
    kept: Kept,
    judges: Judges,
    tracer: Tracer,
    appender: Appender,
    keys: AccessKeys,
    clock: Callable[[], datetime],
) -> list[Blueprint]:
    """What subjects are told, and what they have to say: notices, their codes, objections."""
    access, calendars = settings.topic_prefix + ACCESS, calendars_with(settings.calendars)
    limits = HearingLimits(settings.objection_mark_days, settings.objection_own_days, settings.objection_other_days)
    days, terms = settings.objection_file_days, Terms(limits, calendars)
    issuer = Issuer(kept, judges.rulebooks, appender, access, clock, calendars, days, settings.code_days)
    exchange = Exchange(keys, kept.claims, appender, access, clock, settings.subject_key_days)
    records, write = Records(kept, clock, terms), Writing(appender, settings.topic_prefix, tracer, clock)
    return [
        notices(issuer, settings.public_url),
        subject_keys(exchange, settings.rate_exchanges),
        hearing(records, HearingDesk(records, kept.claims, write), Releasing(records, write)),
    ]


def kept_in(store: Store, settings: Settings, log: Log, tables: Directory) -> tuple[Judges, Tracer, EntriesOf, Kept]:
    """What the workers keep of subjects, and the rulebooks; threads that follow these begin here."""
    keys, prefix, partitions = Keys(settings.key_prefix), settings.topic_prefix, settings.subject_partitions
    rulebooks, _ = follow_rulebooks(log, prefix + RULEBOOKS)
    ledgers, books = Ledgers(store, keys), Bookkeeping(store, keys)
    filled = _filled(settings, log, books)
    held = boxes(prefix, partitions, settings.organs)
    letters_by_now = FollowedLetters(log, held, prefix + AUDIT)
    tracer = Tracer(ledgers, books, filled, log, letters_by_now, rulebooks, prefix, partitions)
    judges = judges_in(store, keys, filled, rulebooks, tables.tables)
    return judges, tracer, entries_in(ledgers, filled), kept_by(store, keys, filled, tracer.coming)


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
) -> Together:
    """The Kafka door, and the worker of uploads. `member` is its place in their groups: static, so that a restart is no
    rebalance.

    A store is there for notes of how it goes, and to say whose it is what events of bounded senders name: the doors
    work on without it, but for these.
    """
    prefix, keys = settings.topic_prefix, Keys(settings.key_prefix)
    tables = follow(log, prefix + ACCESS).tables
    judges = replace(KNOWING_NOTHING, tables=tables)
    if store:
        rulebooks, _ = follow_rulebooks(log, prefix + RULEBOOKS)
        judges = judges_in(store, keys, _filled(settings, log, Bookkeeping(store, keys)), rulebooks, tables)
    inboxes = Inboxes(settings.organs, prefix, bounds_of(settings.organ_bounds), judges.known_of, tables)
    notes = Notes(store, keys, inboxes.group, member, clock) if store else None
    door = Loop(log, inboxes, member=member, pace=pace or Pace(most=settings.poll_records), note=notes or unnoted)

    def lives(person: str) -> bool:
        return read_keys(log, prefix + ACCESS).may(person, "events:write")

    return Together(door, uploads_worker(log, prefix, member, judges, lives=lives, clock=clock))
