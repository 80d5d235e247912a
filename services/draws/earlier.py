"""What a draw's lists tell of earlier draws: whom these have selected, and that is sealed as long as they are. Pure.

Whoever is to be inspected by an earlier draw is left out of a later one, as `drawn-pending` in `excluded.tsv`. *Else*
he would be drawn again before his inspection; and if the later draw were published first, he would know of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from services.draws.pools.entries import DRAWN_PENDING
from services.draws.problems import EARLIER_DRAW_SEALED, PUBLISH_BY_OUT_OF_RANGE
from services.draws.schedule import last_day
from services.draws.steps import Draw, Draws
from shared.draw.plan import Plan
from shared.web.problems import Fault, ProblemError


def refuse_too_early(draws: Draws, planned: Plan) -> None:
    """Raises `ProblemError` for a plan that would have to be published while an earlier draw is sealed."""
    for earlier in _sealed(draws, planned):
        last = last_day(earlier.plan)
        if planned.publish_by <= last:
            detail = f"Its lists leave out whom {earlier.draw_id} has selected, which is sealed until {last}."
            fault = Fault("/publish_by", f"must be from {last + timedelta(days=1)} on")
            raise ProblemError(PUBLISH_BY_OUT_OF_RANGE, detail, errors=[fault])


def refuse_giving_away(draws: Draws, draw: Draw, today: date) -> None:
    """Raises `ProblemError` for a publication that would tell whom an earlier draw has selected and nobody saw yet."""
    assert draw.committed is not None
    if all(each["code"] != DRAWN_PENDING for each in draw.committed.told["excluded"]):
        return
    for earlier in _sealed(draws, draw.plan):
        last = last_day(earlier.plan)
        if today <= last:
            detail = (
                f"`excluded.tsv` says whom {earlier.draw_id} has selected, whose inspections last until {last}. "
                f"Publish from {last + timedelta(days=1)} on, or once {earlier.draw_id} is published."
            )
            raise ProblemError(EARLIER_DRAW_SEALED, detail, draw_id=earlier.draw_id, until=last.isoformat())


def sealed_beside(draws: Draws, planned: Plan) -> str | None:
    """An earlier draw whose selection a preview of this plan could give away, by leaving it out."""
    return next((each.draw_id for each in _sealed(draws, planned)), None)


def _sealed(draws: Draws, planned: Plan) -> Iterator[Draw]:
    """Draws from the same register that were drawn by what the plan knows, and are not published."""
    pool, known_at = planned.document.get("pool"), planned.document.get("known_at")
    if pool is None or known_at is None:
        return
    for other in draws.by_id.values():
        other_pool = other.plan.document.get("pool", {})
        same = other.draw_id != planned.draw_id and (other_pool.get("of"), other_pool.get("kind")) == (
            pool["of"],
            pool["kind"],
        )
        if same and other.phase == "drawn" and _drawn_at(other) <= datetime.fromisoformat(known_at):
            yield other


def _drawn_at(draw: Draw) -> datetime:
    return next(datetime.fromisoformat(done.at) for done in draw.history if done.step == "drawn")
