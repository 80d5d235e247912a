"""Builds the statistics service from settings, after the fork; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from services.statistics.publicity.checking import faults
from services.statistics.publicity.files import Table
from services.statistics.publicity.http import Compile, publicity
from services.statistics.publicity.rows import penalties
from services.statistics.publicity.withdrawals import withdrawals
from services.statistics.silence.http import silence
from shared.calendars import calendars_with
from shared.clock import now
from shared.credit.objections import Limits
from shared.credit.receipt import assess
from shared.credit.summary import registration
from shared.eventlog.port import Log
from shared.eventlog.topics import RULEBOOKS, SCORING, SUBJECT_TOPICS
from shared.registry.working_days import CalendarOf, calendar_of
from shared.settings import Settings
from shared.signing.signing import Signing
from shared.store.client import Store
from shared.store.everyone import Everyone
from shared.store.everyone import everyone as all_of
from shared.store.filled import Filled
from shared.store.keys import Keys
from shared.store.progress import Bookkeeping
from shared.store.subjects import Subjects
from shared.web.app import Service
from shared.web.applied import REBUILDING
from shared.web.bounds import Bounds
from shared.web.offsets import follow_committed
from shared.web.problems import unavailable
from shared.web.rulebooks import KnownRulebooks, follow_rulebooks

BY_LAW = Limits()
NAME = "statistics"
TITLE = "Statistics 统计"
DESCRIPTION = "What is counted and reported of all subjects: exports that the law asks for."


def service(settings: Settings, log: Log, store: Store, signing: Signing) -> Service:
    """The service over a log and a store; rulebooks and offsets are followed by threads that begin here."""
    keys, prefix, partitions = Keys(settings.key_prefix), settings.topic_prefix, settings.subject_partitions
    committed = follow_committed(log, SCORING, [prefix + name for name in SUBJECT_TOPICS], partitions)
    filled = Filled(Bookkeeping(store, keys), partitions, committed)
    rulebooks, _ = follow_rulebooks(log, prefix + RULEBOOKS)
    calendars = calendars_with(settings.calendars)
    subjects = Subjects(store, keys)
    limits = Limits(settings.objection_mark_days, settings.objection_own_days, settings.objection_other_days)
    return service_of(
        compiling(subjects, filled, rulebooks, calendars),
        lambda: all_of(subjects, filled),
        limits,
        calendars,
        signing=signing,
    )


def service_of(
    compile_: Compile,
    everyone: Everyone = tuple,
    limits: Limits = BY_LAW,
    calendars: CalendarOf = calendar_of,
    *,
    signing: Signing | None = None,
    clock: Callable[[], datetime] = now,
) -> Service:
    """The service out of its parts."""
    routes = [publicity(compile_, clock, signing or Signing(None)), silence(everyone, limits, calendars, clock)]
    return Service(NAME, TITLE, DESCRIPTION, routes, {}, [REBUILDING])


def compiling(subjects: Subjects, filled: Filled, rulebooks: KnownRulebooks, calendars: CalendarOf) -> Compile:
    """Goes through all subjects of the store."""

    def compile_(first: date, last: date, today: date, bounds: Bounds) -> Table:
        books = rulebooks()
        if books is None:
            raise unavailable("The rulebooks have not been read from the log yet.")
        table = Table([], [], [])
        for subject_id, facts in all_of(subjects, filled):
            if not any("case_no" in fact.data for fact in facts):
                continue
            public = partial(assess, subject_id, rulebooks=books, ledger="public")
            rows = penalties(public(facts), registration(facts) or {}, first, last, today, bounds.covers_region)
            table.rows.extend(rows)
            table.withdrawals.extend(withdrawals(facts, public, first, last, today, calendars, bounds.covers_region))
        table.faults.extend(faults(table.rows))
        return table

    return compile_
