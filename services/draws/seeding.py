"""Whether a seed value may be entered: by whom, when, and in which form (DRAW.md section 3). Pure."""

from __future__ import annotations

from services.draws.commands import EnterValue
from services.draws.problems import (
    SEED_BEFORE_COMMITMENT,
    SEED_BY_PLANNER,
    SEED_CLOSED,
    SEED_SOURCE_UNKNOWN,
    SEED_TOO_EARLY,
    SEED_UNWITNESSED,
    SEED_VALUE_EMPTY,
    SEED_VALUE_FORM,
    SEED_VALUE_STANDS,
    SEED_VALUES_MISSING,
)
from services.draws.steps import Draw, Step
from shared.draw.checks import Refused
from shared.draw.instants import instant
from shared.draw.journal import sha256_of_step
from shared.draw.plan import SeedSource
from shared.draw.seed import refuse_value
from shared.events.types.draw_seed_value_entered import DRAW_SEED_VALUE_ENTERED
from shared.events.types.draw_seeded import DRAW_SEEDED
from shared.web.problems import ProblemError


def enter(draw: Draw, command: EnterValue, at: str) -> list[Step]:
    """The value, and with the last of them that the seed is known. Raises `ProblemError`."""
    if draw.committed is None:
        raise ProblemError(SEED_BEFORE_COMMITMENT, "A value that is known before the commitment proves nothing.")
    if draw.plan.document.get("public_source") is None and not draw.witnesses:
        detail = "None of its sources is public, so its witnesses are all that there is: name one first."
        raise ProblemError(SEED_UNWITNESSED, detail)
    source = next((each for each in draw.plan.seed_sources if each.name == command.source), None)
    if source is None:
        names = ", ".join(each.name for each in draw.plan.seed_sources[:10])
        raise ProblemError(SEED_SOURCE_UNKNOWN, f"The plan's sources are {names}.")
    if command.by == draw.planner:
        raise ProblemError(SEED_BY_PLANNER, "Another person than the planner enters the values.")
    if source.name in draw.values:
        detail = f"{source.name} has its value; if that is misspelt, a new draw has to be made, which says so."
        raise ProblemError(SEED_VALUE_STANDS, detail)
    _refuse_time(draw, source, at)
    if command.value == "":
        raise ProblemError(SEED_VALUE_EMPTY, f"Enter what came of {source.name}.")
    try:
        refuse_value(draw.plan, source.name, command.value)
    except Refused as refused:
        raise ProblemError(SEED_VALUE_FORM, f"{refused.detail[0].upper()}{refused.detail[1:]}.") from None
    return _steps(draw, command)


def could_be_known(draw: Draw, at: str) -> bool:
    """Whether the values that are missing may be known at an instant, and can still be entered.

    Who gave a draw up then could have seen its result before. Where a value was not entered in time nobody else can
    draw: then nothing but to give it up is left.
    """
    if draw.committed is None or instant(at) < draw.plan.seed_sources[-1].not_before:
        return False
    public = draw.plan.document.get("public_source")
    return public is None or all(each.name in draw.values for each in draw.plan.seed_sources if each.name != public)


def abandoned_late(draw: Draw) -> bool:
    """Whether a draw was given up when its last value could be known: by whoever did not enter the others in time."""
    if draw.phase != "abandoned" or draw.committed is None:
        return False
    return instant(draw.history[-1].at) >= draw.plan.seed_sources[-1].not_before


def _refuse_time(draw: Draw, source: SeedSource, at: str) -> None:
    if instant(at) < source.not_before:
        raise ProblemError(SEED_TOO_EARLY, f"{source.name} cannot have happened yet.")
    public = draw.plan.document.get("public_source")
    if public is None:
        return
    if source.name != public:
        # From then on who enters a value could choose it by the result that it gives.
        if instant(at) >= draw.plan.seed_sources[-1].not_before:
            detail = f"Since {public} may be known, no other value is taken; abandon this draw and make a new one."
            raise ProblemError(SEED_CLOSED, detail)
    elif missing := [each.name for each in draw.plan.seed_sources[:-1] if each.name not in draw.values]:
        detail = f"In time there was no value of {', '.join(missing)}; abandon this draw and make a new one."
        raise ProblemError(SEED_VALUES_MISSING, detail)


def _steps(draw: Draw, command: EnterValue) -> list[Step]:
    who = {"draw_id": draw.draw_id, "by": command.by}
    number = draw.sequence + 1
    entered = {"source": command.source, "value": command.value}
    steps = [Step(DRAW_SEED_VALUE_ENTERED, {**who, "sequence": number, **entered})]
    values = {name: each.value for name, each in draw.values.items()} | {command.source: command.value}
    if len(values) == len(draw.plan.seed_sources):
        steps.append(Step(DRAW_SEEDED, {**who, "sequence": number + 1, "sha256": sha256_of_step(values)}))
    return steps
