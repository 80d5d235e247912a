"""The course of a draw: which command may come when, and what it adds. Pure, and the only place that decides."""

from __future__ import annotations

from services.draws import filing, planning, publishing, replacing, seeding
from services.draws.commands import (
    Abandon,
    Command,
    Confirm,
    ConfirmDepartment,
    EnterValue,
    FileRecusal,
    Freeze,
    MakePlan,
    Propose,
    Publish,
    Run,
    Witness,
)
from services.draws.ordering import expected, refuse_cause, require, step
from services.draws.problems import SEED_IS_KNOWN, SOURCE_PAST, WITNESS_FORM
from services.draws.steps import Draw, Draws, Step
from shared.draw.instants import instant
from shared.draw.journal import sha256_of_step
from shared.draw.plan_form import is_text
from shared.events.types.draw_abandoned import DRAW_ABANDONED
from shared.events.types.draw_committed import DRAW_COMMITTED
from shared.events.types.draw_drawn import DRAW_DRAWN
from shared.events.types.draw_witnessed import DRAW_WITNESSED
from shared.registry.working_days import CalendarOf, calendar_of
from shared.web.problems import ProblemError

ROLES = ("deputy", "committee", "citizen", "notary")
"""Who may witness a draw: 代表, 委员, 市民, 公证."""
MOST_WITNESSES = 50
_MOST_NAME = 100


def decide(
    draws: Draws,
    command: MakePlan | Command,
    at: str,
    *,
    witnessed_only: bool = False,
    calendars: CalendarOf = calendar_of,
) -> list[Step]:
    """The steps that a command adds at an instant of the journal. Raises `ProblemError` where it may not be.

    `witnessed_only`: this installation allows plans without a public source; `calendars`: by which it counts working
    days.
    """
    if isinstance(command, MakePlan):
        return [planning.plan(draws, command, at, witnessed_only=witnessed_only, calendars=calendars)]
    draw = expected(draws, command)
    if draw.phase == "abandoned":
        require(draw)
    match command:
        case EnterValue():
            return seeding.enter(draw, command, at)
        case Propose():
            return [replacing.propose(draw, command)]
        case Confirm():
            return [replacing.confirm(draw, command)]
        case FileRecusal() | ConfirmDepartment():
            return [filing.file(draw, command)]
        case _:
            return [_next(draws, draw, command, at)]


def _next(draws: Draws, draw: Draw, command: Command, at: str) -> Step:
    match command:
        case Freeze():
            return _committed(draw, command, at)
        case Witness():
            return _witnessed(draw, command)
        case Run():
            require(draw, "seeded")
            return step(DRAW_DRAWN, draw, command, {"sha256": command.sha256, "selected": command.selected})
        case Publish():
            return publishing.publish(draws, draw, command, at)
        case Abandon():
            return _abandoned(draw, command, at)
        case _:
            raise TypeError(f"{type(command).__name__} is no command of a draw")


def _committed(draw: Draw, command: Freeze, at: str) -> Step:
    require(draw, "planned")
    filing.refuse_unconfirmed(draw)
    assert command.lists.plan == draw.plan, "lists are judged by the plan that they are frozen with"
    if past := [each.name for each in draw.plan.seed_sources if each.not_before <= instant(at)]:
        detail = f"Before the commitment these could have happened: {', '.join(past)}; abandon the draw, plan another."
        raise ProblemError(SOURCE_PAST, detail)
    cases = {"cases_sha256": command.cases_sha256} if command.cases_sha256 else {}
    return step(DRAW_COMMITTED, draw, command, {**command.lists.told, **cases})


def _witnessed(draw: Draw, command: Witness) -> Step:
    require(draw, "planned", "committed", "seeded")
    name = command.name.strip()
    if command.role not in ROLES or not is_text(name) or len(name) > _MOST_NAME:
        detail = f"A witness has a role, one of {', '.join(ROLES)}, and a name of {_MOST_NAME} characters at most."
        raise ProblemError(WITNESS_FORM, detail)
    if len(draw.witnesses) >= MOST_WITNESSES:
        raise ProblemError(WITNESS_FORM, f"A draw has {MOST_WITNESSES} witnesses at most.")
    return step(DRAW_WITNESSED, draw, command, {"role": command.role, "name": masked(name)})


def _abandoned(draw: Draw, command: Abandon, at: str) -> Step:
    if draw.is_seeded or seeding.could_be_known(draw, at):
        detail = "Its seed can be known, and so its result: enter it, draw, publish, and replace it by a new draw."
        raise ProblemError(SEED_IS_KNOWN, detail)
    refuse_cause(command.cause)
    said = {"cause": command.cause}
    return step(DRAW_ABANDONED, draw, command, {**said, "sha256": sha256_of_step(said)})


def masked(name: str) -> str:
    """A name as it is shown: its first character, and a star for each other, two at most."""
    return name[0] + "*" * min(len(name) - 1, 2)
