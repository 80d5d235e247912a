"""Builds the people's side of draws from settings, its worker too; a test may put anything else in a part's place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from services.draws.documents import Documents
from services.draws.office import Office
from services.draws.people.addresses import Addresses
from services.draws.people.assembling import People
from services.draws.people.assigned.http import assigned
from services.draws.people.assignments import Assignments
from services.draws.people.filings.http import filings
from services.draws.people.http import inspectors
from services.draws.people.register import Register
from services.draws.people.registrar import Registrar
from services.draws.people.shown.http import people as shown
from services.draws.projection import FilingPeople
from services.draws.reading import Reading
from services.draws.steps import Draws
from shared.clock import now
from shared.eventlog.port import Log
from shared.eventlog.topics import SUBJECT_TOPICS
from shared.projection.loop import Loop, Pace
from shared.settings import Settings
from shared.store.client import Store
from shared.store.keys import Keys
from shared.store.notes import Notes
from shared.store.people import People as KeptPeople
from shared.store.progress import Bookkeeping
from shared.web.openapi import Blueprint


def people_in(store: Store, settings: Settings) -> KeptPeople:
    """Inspectors and outcomes in an installation's corner of a store."""
    return KeptPeople(store, Keys(settings.key_prefix))


class Staff(NamedTuple):
    """The people's side of a web process."""

    register: Register
    people: People
    assignments: Assignments

    @classmethod
    def of(
        cls,
        kept: KeptPeople,
        settings: Settings,
        draws: Callable[[], Draws],
        documents: Documents,
        addresses: Addresses,
    ) -> Staff:
        """Over what is kept of people; `draws` gives those that are known by now."""
        register = Register(kept, settings.subject_partitions)
        return cls(register, People(register, documents), Assignments(draws, documents, register, addresses))


def routes(
    staff: Staff,
    office: Office,
    reading: Reading,
    draws: Callable[[], Draws],
    registrar: Registrar,
    clock: Callable[[], datetime],
) -> list[Blueprint]:
    """The routes; `draws` gives those that are known by now."""
    return [
        inspectors(staff.register, registrar),
        filings(office, reading, staff.people),
        shown(draws, staff.people, staff.assignments, clock),
        assigned(staff.assignments, clock),
    ]


def worker(
    settings: Settings,
    log: Log,
    store: Store,
    member: str,
    *,
    clock: Callable[[], datetime] = now,
    pace: Pace | None = None,
) -> Loop:
    """The worker that files inspectors and outcomes. `member` is its place in the group: static, so that a restart is
    no rebalance.
    """
    keys, partitions = Keys(settings.key_prefix), settings.subject_partitions
    topics = tuple(settings.topic_prefix + name for name in SUBJECT_TOPICS)
    filing = FilingPeople(topics, partitions, people_in(store, settings), Bookkeeping(store, keys), log.latest, clock)
    note = Notes(store, keys, filing.group, member, clock)
    return Loop(log, filing, member=member, pace=pace or Pace(most=settings.poll_records), note=note)
