"""What is told of a draw's people: what was filed, to those who work at draws; codes and who served, to everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Response

from services.draws.answers.http import refuse_stranger
from services.draws.audience import may_see
from services.draws.filing import Partner, partners
from services.draws.ordering import no_draw, out_of_order
from services.draws.people.assembling import People
from services.draws.people.assignments import Assignments
from services.draws.people.schemas import FilingsSchema, OpenedSchema
from services.draws.problems import OUT_OF_ORDER
from services.draws.refusing import log_refusals
from services.draws.schemas import PARAMETERS
from services.draws.shown.http import HEADERS, READ, tagged
from services.draws.steps import Draw, Draws
from shared.clock import day_of
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.problems import NOT_FOUND
from shared.web.routes import public, requires

_DRAW = "/v1/draws/<string:draw_id>"
_TEXT = {200: {"description": "OK", "content": {"text/plain": {"schema": {"type": "string"}}}}}


def people(
    draws: Callable[[], Draws], found: People, assignments: Assignments, clock: Callable[[], datetime]
) -> Blueprint:
    """The routes, out of what is known of draws by now."""
    blueprint = Blueprint("people", __name__, description="The people of a draw")

    def one(draw_id: str) -> Draw:
        draw = draws().by_id.get(draw_id)
        if draw is None:
            raise no_draw()
        return draw

    @blueprint.route(f"{_DRAW}/filings", parameters=PARAMETERS)
    @requires("draws:plan")
    @blueprint.doc(responses={404: NOT_FOUND.code})
    @blueprint.response(200, FilingsSchema)
    def filings(draw_id: str) -> Response:
        """Recusals 回避 and the partner departments' confirmations

        A department that confirms late is taken too, and stays marked.
        """
        draw = one(draw_id)
        refuse_stranger(draw.plan.document)
        told = [_partner(each) for each in partners(draw, day_of(clock()))]
        return json_response({"recusals": [each._asdict() for each in draw.recusals], "partners": told})

    @blueprint.route(f"{_DRAW}/codes.txt", parameters=PARAMETERS)
    @public
    @blueprint.doc(responses=_TEXT | READ | {404: NOT_FOUND.code, 409: OUT_OF_ORDER.code})
    def codes(draw_id: str) -> Response:
        """All codes of a draw's inspectors, ascending, from the freeze on

        Its SHA-256 is the plan's `inspector_codes`. It says nothing of anybody.
        """
        draw = one(draw_id)
        if not may_see("plan", draw):
            raise out_of_order(draw, "Its codes are public from the freeze on.")
        with log_refusals():
            content = found.codes(draw).public
        return tagged(Response(content, mimetype="text/plain"), clock(), private=False)

    @blueprint.route(f"{_DRAW}/served", parameters=PARAMETERS)
    @public
    @blueprint.doc(responses=READ | {404: NOT_FOUND.code, 409: OUT_OF_ORDER.code})
    @blueprint.response(200, OpenedSchema, headers=HEADERS)
    def served(draw_id: str) -> Response:
        """Who served, from the publication on

        The codes of those who are or were on a panel, opened: their salts prove that nobody was put in their place.
        """
        draw = one(draw_id)
        if not may_see("bundle", draw):
            raise out_of_order(draw, "Who served is public from the publication on.")
        with log_refusals():
            opened = found.codes(draw).open(assignments.served(draw))
        body = {
            "inspector_codes": draw.plan.document.get("inspector_codes"),
            "served": [{"code": each.code, "inspector_id": each.id, "salt": each.salt} for each in opened],
        }
        return tagged(json_response(body), clock(), private=False)

    return blueprint


def _partner(each: Partner) -> dict[str, object]:
    said = each.confirmation
    return {
        "department": each.department,
        "confirm_by": each.confirm_by,
        "confirmed_at": said and said.at,
        "overdue": each.late,
        "inspectors": said.inspectors if said else (),
        "items": said.items if said else (),
    }
