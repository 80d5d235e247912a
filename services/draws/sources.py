"""What is judged of a plan's seed sources: events to come, which nobody taking part chooses or knows. Pure."""

from __future__ import annotations

from services.draws.beacons import round_at
from services.draws.problems import (
    PUBLIC_SOURCE_MISSING,
    PUBLIC_SOURCE_NOT_LAST,
    SOURCE_FEW_VALUES,
    SOURCE_PAST,
    SOURCE_TIME,
    bad_form,
)
from shared.clock import SHANGHAI
from shared.draw.instants import instant
from shared.draw.plan import Plan, SeedSource
from shared.web.problems import Fault, ProblemError

_MOST_VALUE = 1000
_LEAST_VALUES = 1_000_000


def refuse_sources(planned: Plan, public: str | None, at: str, *, witnessed_only: bool) -> None:
    """Raises `ProblemError` for sources that nobody outside can trust, or that are not events to come at an instant."""
    long = [number for number, each in enumerate(planned.seed_sources) if _length(each) > _MOST_VALUE]
    if long:
        wrong = f"must be of values of {_MOST_VALUE} characters at most"
        raise bad_form([Fault(f"/seed_sources/{number}/pattern", wrong) for number in long])
    *others, last = planned.seed_sources
    if public is None and not witnessed_only:
        detail = "Name the seed source that nobody taking part chooses, such as a round of a public beacon."
        raise ProblemError(PUBLIC_SOURCE_MISSING, detail)
    if public is not None and public != last.name:
        raise ProblemError(PUBLIC_SOURCE_NOT_LAST, f"The last source of the plan is {last.name}, not {public}.")
    if public is not None and (late := [each.name for each in others if each.not_before >= last.not_before]):
        # Whoever enters a value by hand must not know the public one: so theirs could never be entered.
        raise ProblemError(PUBLIC_SOURCE_NOT_LAST, f"The public source must come later than {', '.join(late)}.")
    if past := [each.name for each in planned.seed_sources if each.not_before <= instant(at)]:
        raise ProblemError(SOURCE_PAST, f"Before the commitment these could have happened: {', '.join(past)}.")


def refuse_weak_sources(planned: Plan) -> None:
    """Raises `ProblemError` for what a source's name and pattern say against it: its value is known early, or can be
    reckoned with.
    """
    for source, named in zip(planned.seed_sources, planned.document["seed_sources"], strict=True):
        comes = round_at(source.name)
        if comes is not None and comes < source.not_before[0]:
            says = comes.astimezone(SHANGHAI).isoformat()
            detail = f"{source.name} comes at {says}, and the plan says not before {named['not_before']}."
            raise ProblemError(SOURCE_TIME, detail, comes_at=says)
    last = planned.seed_sources[-1]
    if last.pattern.outcomes < _LEAST_VALUES:
        # Whoever freezes could draw with each of them beforehand, and choose by that what he freezes.
        detail = (
            f"{last.name} has {last.pattern.outcomes} possible values; {_LEAST_VALUES:,} are the fewest, such as a "
            "round of a beacon has, or ten throws of a die."
        )
        raise ProblemError(SOURCE_FEW_VALUES, detail, values=last.pattern.outcomes)


def _length(source: SeedSource) -> int:
    """How many characters a source's value has."""
    return sum(times for _, times in source.pattern.parts)
