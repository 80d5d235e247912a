"""What all commands of a draw share: that it is as its asker saw it, and is so far. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.draws.commands import Command
from services.draws.problems import CAUSE_FORM, DRAW_MOVED_ON, OUT_OF_ORDER
from services.draws.steps import Draw, Draws, Step
from shared.credit.masking import personal_numbers
from shared.draw.plan_form import is_text
from shared.web.problems import NOT_FOUND, ProblemError

_MOST_CAUSE = 1000
DRAWN = ("drawn", "published")
"""Where a draw has a result."""


def expected(draws: Draws, command: Command) -> Draw:
    """The draw, where it is as the asker saw it. Raises `ProblemError`."""
    draw = draws.by_id.get(command.draw_id)
    if draw is None:
        raise no_draw()
    if draw.sequence != command.expected:
        detail = f"{draw.draw_id} is {draw.phase}, at step {draw.sequence}; look at it, and decide again."
        raise ProblemError(DRAW_MOVED_ON, detail, sequence=draw.sequence)
    return draw


def no_draw() -> ProblemError:
    """Why nothing can be said of a draw."""
    return ProblemError(NOT_FOUND, "There is no draw of this id.")


def require(draw: Draw, *phases: str) -> None:
    """Raises `ProblemError` unless a draw is just so far."""
    if draw.phase not in phases:
        ended = "An abandoned draw goes no further; plan a new one."
        wanted = f"It would have to be {' or '.join(phases)}."
        raise out_of_order(draw, ended if draw.phase == "abandoned" else wanted)


def out_of_order(draw: Draw, detail: str) -> ProblemError:
    """Why a step does not come now."""
    return ProblemError(OUT_OF_ORDER, f"{draw.draw_id} is {draw.phase}. {detail}", phase=draw.phase)


def refuse_cause(cause: str) -> None:
    """Raises `ProblemError` for what is no text as the protocol has it, or says whose number it is about."""
    if not is_text(cause) or len(cause) > _MOST_CAUSE:
        detail = f"Say why in one line of {_MOST_CAUSE} characters at most, without control characters."
        raise ProblemError(CAUSE_FORM, detail)
    if found := personal_numbers(cause):
        raise ProblemError(
            CAUSE_FORM, f"It must not have {' or '.join(found)}: everybody reads it, and nothing takes it out."
        )


def step(type_: str, draw: Draw, command: Command, said: Mapping[str, Any]) -> Step:
    """The draw's next step."""
    return Step(type_, {"draw_id": draw.draw_id, "sequence": draw.sequence + 1, "by": command.by, **said})
