"""The steps of a draw: `POST /v1/draws/{draw_id}/…` (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from flask import Response

from services.draws import problems
from services.draws.answering import DrawSchema
from services.draws.answers.http import LOCATION, WRITTEN, answer, by, refuse_stranger
from services.draws.assembling import Assembler
from services.draws.commands import Abandon, Command, EnterValue, Propose, Publish, Witness
from services.draws.office import Office
from services.draws.outcomes import Outcomes
from services.draws.reading import Reading
from services.draws.refusing import log_refusals
from services.draws.schemas import (
    PARAMETERS,
    CauseSchema,
    ReplacementSchema,
    SeedSchema,
    StepSchema,
    WitnessSchema,
)
from services.draws.writing import Written
from shared.web.documented import BODY
from shared.web.openapi import Blueprint
from shared.web.problems import INVALID, NOT_FOUND, Fault, ProblemError
from shared.web.routes import requires

Act = Callable[[dict[str, Any], dict[str, Any]], Written]
"""Does what a body asks for; what all commands have comes apart from it."""

Count = Callable[[str], Outcomes | None]
"""How many outcomes of a draw's inspections have come, by its id; None where that cannot be told."""

Code = Callable[[str, str], str]
"""The code of an inspector in a draw, by the draw's id and his; what is no inspector's id stands for itself."""

_STEP = {**BODY, 404: NOT_FOUND.code, 409: problems.DRAW_MOVED_ON.code}


def steps(office: Office, reading: Reading, assembler: Assembler, count: Count, code: Code) -> Blueprint:
    """The routes, on an office; `assembler` makes the lists that a draw is frozen with, `count` knows what came of its
    inspections, `code` who is who.
    """
    blueprint = Blueprint("draws", __name__, description="Draws 双随机抽查, from plan to publication")

    def step(name: str, scope: str, schema: type[StepSchema]) -> Callable[[Act], None]:
        return partial(route, blueprint, reading, name, (scope,), schema)

    @step("freeze", "draws:plan", StepSchema)
    def freeze(_: dict[str, Any], asked: dict[str, Any]) -> Written:
        """Freeze the lists and commit to them

        They are made of the register now, and written down before the commitment, which the journal has at once.
        """
        command = Command(**asked)
        lists = assembler.assemble(office.to_be_frozen(command))
        return office.freeze(command, lists)

    @step("seed", "draws:seed", SeedSchema)
    def seed(body: dict[str, Any], asked: dict[str, Any]) -> Written:
        """Enter the value of a seed source

        The first value stands, and a slip of the pen costs a new draw. By another person than the planner.
        """
        return office.execute(EnterValue(**asked, source=body["source"], value=body["value"]))

    @step("run", "draws:plan", StepSchema)
    def run(_: dict[str, Any], asked: dict[str, Any]) -> Written:
        """Draw

        The result follows from the lists and the seed; it is sealed until the publication.
        """
        return office.run(Command(**asked))

    @step("publish", "draws:publish", StepSchema)
    def publish(_: dict[str, Any], asked: dict[str, Any]) -> Written:
        """Publish the bundle

        When the window of the inspections is over, or what came of each of them is known.
        """
        return office.execute(Publish(**asked, outcomes=count(asked["draw_id"])))

    @step("abandon", "draws:plan", CauseSchema)
    def abandon(body: dict[str, Any], asked: dict[str, Any]) -> Written:
        """Give a draw up

        It stays visible, with its cause. Not once its seed is known.
        """
        return office.execute(Abandon(**asked, cause=body["cause"]))

    @step("witnesses", "draws:plan", WitnessSchema)
    def witness(body: dict[str, Any], asked: dict[str, Any]) -> Written:
        """Name a witness 见证人

        Masked before it is written: of a name only the first character is kept.
        """
        return office.execute(Witness(**asked, role=body["role"], name=body["name"]))

    @step("replacements", "draws:plan", ReplacementSchema)
    def replacement(body: dict[str, Any], asked: dict[str, Any]) -> Written:
        """Ask for a replacement, or confirm one

        Who comes next can be computed, so one person asks (`subject_id`, `cause`, and `inspector` where he alone is
        replaced), and another confirms (`proposal`).
        """
        return _replacement(office, code, body, asked)

    return blueprint


def route(
    blueprint: Blueprint, reading: Reading, name: str, scopes: Collection[str], schema: type[StepSchema], act: Act
) -> None:
    """A route that takes a draw one step further, for one of these scopes; the act's docstring is its description."""

    def view(body: dict[str, Any], draw_id: str) -> Response:
        with log_refusals():
            if draw := reading.refresh().by_id.get(draw_id):
                refuse_stranger(draw.plan.document)
            return answer(reading, act(body, {"draw_id": draw_id, "expected": body["expected"], "by": by()}))

    view.__name__, view.__doc__ = name, act.__doc__
    view = blueprint.response(200, DrawSchema)(view)
    view = blueprint.alt_response(202, schema=DrawSchema, description=WRITTEN, headers=LOCATION)(view)
    view = blueprint.doc(responses=_STEP)(blueprint.arguments(schema)(view))
    path = f"/v1/draws/<string:draw_id>/{name}"
    blueprint.route(path, methods=["POST"], parameters=PARAMETERS)(requires(*scopes)(view))


def _replacement(office: Office, code: Code, body: dict[str, Any], asked: dict[str, Any]) -> Written:
    if wrong := _neither(body):
        raise ProblemError(INVALID, "The body is neither a proposal nor a confirmation.", errors=wrong)
    if "proposal" in body:
        return office.confirm(Command(**asked), body["proposal"])
    inspector = code(asked["draw_id"], body["inspector"]) if "inspector" in body else None
    return office.propose(Propose(**asked, subject_id=body["subject_id"], inspector=inspector, cause=body["cause"]))


def _neither(body: dict[str, Any]) -> list[Fault]:
    proposed = ("subject_id", "inspector", "cause")
    if "proposal" in body:
        return [Fault(f"/{name}", "is the proposal's; leave it out") for name in proposed if name in body]
    return [Fault(f"/{name}", "is required") for name in ("subject_id", "cause") if name not in body]
