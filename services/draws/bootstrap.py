"""Builds the draws' service from settings, after the fork; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.draws.assembling import Assemble, Lists
from services.draws.documents import Documents
from services.draws.following import Following
from services.draws.http import steps
from services.draws.office import Office
from services.draws.people import problems as people_problems
from services.draws.people.assembling import People
from services.draws.people.assigned.http import assigned
from services.draws.people.assignments import Assignments
from services.draws.people.bootstrap import people_in
from services.draws.people.filings.http import filings
from services.draws.people.http import inspectors
from services.draws.people.register import Register
from services.draws.people.registrar import Registrar
from services.draws.people.shown.http import people as people_of_draws
from services.draws.plans.http import plans
from services.draws.plans.planner import Planner
from services.draws.problems import KINDS
from services.draws.proof.http import proofs
from services.draws.reading import Reading
from services.draws.shown.http import draws
from services.draws.steps import Draw
from services.draws.writing import Writer
from shared.calendars import calendars_with
from shared.clock import now
from shared.eventlog.port import Log
from shared.eventlog.topics import DOCUMENTS, DRAWS, REGISTRY
from shared.settings import Settings
from shared.store.client import Store
from shared.web.app import Service
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED
from shared.web.problems import unavailable

NAME = "draws"
TITLE = "Draws 双随机抽查"
DESCRIPTION = "Who is inspected by whom, drawn so that nobody could have steered it, and anybody can recompute it."


AssembleWith = Callable[[People], Assemble]
"""What makes the lists that draws are frozen with, the people's own among them."""


def service(settings: Settings, log: Log, store: Store, *, clock: Callable[[], datetime] = now) -> Service:
    """The service over a log and a store; the draws are followed by a thread that begins here."""

    def assemble(_: Draw) -> Lists:
        raise unavailable("Lists are not made of the register yet.")

    reading = Reading(log, settings.topic_prefix + DRAWS)
    register = Register(people_in(store, settings), settings.subject_partitions)
    return service_of(settings, log, reading, Following(reading).start(), register, lambda _: assemble, clock=clock)


def service_of(
    settings: Settings,
    log: Log,
    reading: Reading,
    following: Following,
    register: Register,
    assemble_with: AssembleWith,
    *,
    clock: Callable[[], datetime] = now,
) -> Service:
    """The service out of its parts."""
    documents = Documents(log, settings.topic_prefix + DOCUMENTS)
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
    people = People(register, documents)
    assignments = Assignments(following.draws, documents, register)
    assemble = assemble_with(people)
    planner = Planner(office, reading, assemble, people, clock, calendars)
    registrar = Registrar(register, log.appender(), settings.topic_prefix + REGISTRY, clock)
    routes = [
        plans(planner, reading),
        steps(office, reading, assemble),
        filings(office, reading, people),
        draws(following, clock),
        proofs(office, following, clock),
        inspectors(register, registrar),
        people_of_draws(following.draws, people, assignments, clock),
        assigned(assignments, clock),
    ]
    kinds = (*KINDS, *people_problems.KINDS, IDEMPOTENCY_KEY_REUSED)
    return Service(NAME, TITLE, DESCRIPTION, routes, {"draws": following.check}, kinds)
