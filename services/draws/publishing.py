"""When a draw may be published: pool, seed and result together are the list of who will be inspected. Pure.

So they stay sealed until nobody can be warned by them any more: the window of the inspections is over, or what came of
each of them is known.
"""

from __future__ import annotations

from datetime import date, datetime

from services.draws.commands import Publish
from services.draws.earlier import refuse_giving_away
from services.draws.files import published_sha256s
from services.draws.ordering import require, step
from services.draws.outcomes import Outcomes
from services.draws.problems import WINDOW_OPEN
from services.draws.schedule import window_of
from services.draws.steps import Draw, Draws, Step
from shared.clock import day_of
from shared.draw.journal import sha256_of_step
from shared.events.types.draw_published import DRAW_PUBLISHED
from shared.web.problems import ProblemError


def publish(draws: Draws, draw: Draw, command: Publish, at: str) -> Step:
    """The publication at an instant of the journal. Raises `ProblemError`."""
    require(draw, "drawn")
    today = day_of(datetime.fromisoformat(at))
    _refuse_open_window(draw, command.outcomes, today)
    refuse_giving_away(draws, draw, today)
    files = published_sha256s(draw)
    listed = [{"name": name, "sha256": sha256} for name, sha256 in files.items()]
    return step(DRAW_PUBLISHED, draw, command, {"files": listed, "sha256": sha256_of_step(files)})


def _refuse_open_window(draw: Draw, outcomes: Outcomes | None, today: date) -> None:
    window = window_of(draw.plan.document)
    if window is None or today > window.last:
        return
    if draw.plan.document.get("pool", {}).get("of") == "cases":  # what came of a review is no event
        detail = f"The files are reviewed until {window.last}. Publish from {window.over} on."
        raise ProblemError(WINDOW_OPEN, detail, until=window.last.isoformat())
    if outcomes is None:
        told, more = "how many outcomes are in is not known here", {}
    elif outcomes.missing:
        told, more = f"{outcomes.missing} of {outcomes.expected} outcomes are missing", outcomes._asdict()
    else:
        return
    detail = (
        f"The inspections last until {window.last}, and {told}. Publish from {window.over} on, or with all outcomes."
    )
    raise ProblemError(WINDOW_OPEN, detail, until=window.last.isoformat(), **more)
