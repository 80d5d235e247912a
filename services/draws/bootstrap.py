"""Builds the draws' service from settings, after the fork; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from services.draws.assembling import Assembler
from services.draws.audience import BUNDLE_SEALED
from services.draws.documents import Documents
from services.draws.due.http import outcomes
from services.draws.fairness.http import fairness
from services.draws.fairness.keeping import Keeping
from services.draws.following import Following
from services.draws.http import steps
from services.draws.live import Live
from services.draws.office import Office
from services.draws.people.addresses import addresses_in
from services.draws.people.bootstrap import Staff, people_in
from services.draws.people.bootstrap import routes as people_routes
from services.draws.people.problems import KINDS as PEOPLES
from services.draws.people.registrar import Registrar
from services.draws.places import Index
from services.draws.plans.http import plans
from services.draws.plans.planner import Planner
from services.draws.pools.bootstrap import pools
from services.draws.problems import KINDS
from services.draws.proof.http import proofs
from services.draws.reading import Reading
from services.draws.shown.http import draws
from services.draws.writing import Writer
from shared.calendars import calendars_with
from shared.clock import now
from shared.eventlog.port import Log
from shared.eventlog.topics import DOCUMENTS, DRAWS, REGISTRY
from shared.settings import Settings
from shared.signing.signing import Signing
from shared.store.client import Store
from shared.store.documents import DocumentIndex
from shared.store.keys import Keys
from shared.store.ledgers import Ledgers
from shared.web.app import Service
from shared.web.applied import NOT_APPLIED_YET, REBUILDING
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED

NAME = "draws"
TITLE = "Draws 双随机抽查"
DESCRIPTION = "Who is inspected by whom, drawn so that nobody could have steered it, and anybody can recompute it."

UNSIGNED = Signing(None)
_KINDS = (*KINDS, *PEOPLES, BUNDLE_SEALED, IDEMPOTENCY_KEY_REUSED, NOT_APPLIED_YET, REBUILDING)


class Parts(NamedTuple):
    """What is read of the log, and the threads that follow it."""

    reading: Reading
    documents: Documents
    following: Following
    keeping: Keeping

    @classmethod
    def of(cls, settings: Settings, log: Log, index: Index) -> Parts:
        """On a log, and what keeps where documents lie; nothing is read yet."""
        reading = Reading(log, settings.topic_prefix + DRAWS)
        documents = Documents(log, settings.topic_prefix + DOCUMENTS, index)
        return cls(reading, documents, Following(reading), Keeping(lambda: reading.draws, documents))

    def start(self) -> Parts:
        """Begin to follow, after the fork."""
        self.following.start()
        self.keeping.start()
        return self

    def stop(self) -> None:
        """Follow no longer."""
        self.following.stop()
        self.keeping.stop()


def service(
    settings: Settings, log: Log, store: Store, signing: Signing, *, clock: Callable[[], datetime] = now
) -> Service:
    """The service over a log and a store; draws, rulebooks and offsets are followed by threads that begin here."""
    parts = Parts.of(settings, log, DocumentIndex(store, Keys(settings.key_prefix))).start()
    addresses = addresses_in(Ledgers(store, Keys(settings.key_prefix)))
    staff = Staff.of(people_in(store, settings), settings, parts.following.draws, parts.documents, addresses)
    live = Live(pools(settings, log, store, parts.reading, parts.documents), staff.people)
    return service_of(settings, log, parts, staff, live, signing, clock=clock)


def service_of(
    settings: Settings,
    log: Log,
    parts: Parts,
    staff: Staff,
    assembler: Assembler,
    signing: Signing = UNSIGNED,
    *,
    clock: Callable[[], datetime] = now,
) -> Service:
    """The service out of its parts; `assembler` completes plans, and makes the lists that draws are frozen with;
    `signing` signs commitments.
    """
    reading, documents, following, keeping = parts
    calendars = calendars_with(settings.calendars)
    writer = Writer(
        log,
        settings.topic_prefix + DRAWS,
        reading,
        clock=clock,
        witnessed_only=settings.draws_witnessed_only,
        calendars=calendars,
    )
    office = Office(reading, documents, writer)
    planner = Planner(office, reading, assembler, clock=clock, calendars=calendars)
    registrar = Registrar(staff.register, log.appender(), settings.topic_prefix + REGISTRY, clock)
    routes = [
        plans(planner, reading),
        steps(office, reading, assembler, staff.assignments.counted, staff.assignments.code_of),
        draws(following, clock, signing),
        proofs(office, following, clock, settings.public_url),
        fairness(following, keeping, clock),
        outcomes(following.draws, staff.assignments.inspected, calendars, clock),
        *people_routes(staff, office, reading, following.draws, registrar, clock),
    ]
    return Service(NAME, TITLE, DESCRIPTION, routes, {"draws": following.check}, _KINDS)
