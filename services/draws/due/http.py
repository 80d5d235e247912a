"""`GET /v1/draws/{draw_id}/outcomes`: by when each outcome is to be public, for those who work at draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from flask import Response

from services.draws.answers.http import refuse_stranger
from services.draws.due.schemas import OutcomesDueSchema
from services.draws.dues import outcome_dues
from services.draws.ordering import DRAWN, no_draw, require
from services.draws.people.filed import Outcome
from services.draws.problems import NO_CALENDAR, OUT_OF_ORDER
from services.draws.refusing import log_refusals
from services.draws.schemas import PARAMETERS
from services.draws.steps import Draw, Draws
from shared.clock import day_of
from shared.registry.working_days import CalendarOf
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.problems import NOT_FOUND
from shared.web.routes import requires

Inspected = Callable[[Draw], tuple[set[str], Mapping[str, Outcome]]]
"""Who is to be inspected, and what has come of it. Raises `ProblemError`, `LogUnavailable`."""

_SHOWN = 1_000


def outcomes(
    draws: Callable[[], Draws], inspected: Inspected, calendars: CalendarOf, clock: Callable[[], datetime]
) -> Blueprint:
    """The route; `draws` gives those that are known by now."""
    blueprint = Blueprint("outcomes", __name__, description="What came of inspections, and when it is due")

    @blueprint.route("/v1/draws/<string:draw_id>/outcomes", parameters=PARAMETERS)
    @requires("draws:plan")
    @blueprint.doc(responses={404: NOT_FOUND.code, 409: OUT_OF_ORDER.code, 422: NO_CALENDAR.code})
    @blueprint.response(200, OutcomesDueSchema)
    def of_one(draw_id: str) -> Response:
        """What came of a draw's inspections, and by when it is to be public

        Within 20 working days after each inspection. It is public with the draw, so the publication ends them all.
        """
        draw = draws().by_id.get(draw_id)
        if draw is None:
            raise no_draw()
        refuse_stranger(draw.plan.document)
        require(draw, *DRAWN)
        with log_refusals():
            expected, come = inspected(draw)
        days = {subject: date.fromisoformat(each.inspected_on) for subject, each in come.items()}
        found = outcome_dues(days, day_of(clock()), calendars, published=draw.phase == "published")
        return json_response(
            {
                "expected": len(expected),
                "come": len(come),
                "overdue": sum(each.overdue for each in found),
                "outcomes": [each._asdict() for each in found[:_SHOWN]],
            }
        )

    return blueprint
