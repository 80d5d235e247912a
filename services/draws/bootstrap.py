"""Builds the draws' service from settings, after the fork; a test may put anything else in the place of a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.draws.assembling import Assemble, Lists
from services.draws.documents import Documents
from services.draws.following import Following
from services.draws.http import steps
from services.draws.office import Office
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
from shared.eventlog.topics import DOCUMENTS, DRAWS
from shared.settings import Settings
from shared.store.client import Store
from shared.web.app import Service
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED
from shared.web.problems import unavailable

NAME = "draws"
TITLE = "Draws 双随机抽查"
DESCRIPTION = "Who is inspected by whom, drawn so that nobody could have steered it, and anybody can recompute it."


def service(settings: Settings, log: Log, store: Store, *, clock: Callable[[], datetime] = now) -> Service:  # noqa: ARG001
    """The service over a log and a store; the draws are followed by a thread that begins here."""

    def assemble(_: Draw) -> Lists:
        raise unavailable("Lists are not made of the register yet.")

    reading = Reading(log, settings.topic_prefix + DRAWS)
    return service_of(settings, log, reading, Following(reading).start(), assemble, clock=clock)


def service_of(
    settings: Settings,
    log: Log,
    reading: Reading,
    following: Following,
    assemble: Assemble,
    *,
    clock: Callable[[], datetime] = now,
) -> Service:
    """The service out of its parts; `assemble` makes the lists that draws are frozen with."""
    documents = Documents(log, settings.topic_prefix + DOCUMENTS)
    writer = Writer(
        log,
        settings.topic_prefix + DRAWS,
        reading,
        clock=clock,
        witnessed_only=settings.draws_witnessed_only,
        calendars=calendars_with(settings.calendars),
    )
    office = Office(reading, documents, writer)
    planner = Planner(office, reading, assemble, clock)
    routes = [
        plans(planner, reading),
        steps(office, reading, assemble),
        draws(following, clock),
        proofs(office, following, clock),
    ]
    return Service(NAME, TITLE, DESCRIPTION, routes, {"draws": following.check}, (*KINDS, IDEMPOTENCY_KEY_REUSED))
