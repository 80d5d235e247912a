"""`/v1/assignments`: who inspects whom 检查任务, for those who work at draws (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Response

from services.draws.bounds import scopes_at
from services.draws.people.assignments import Assignment, Assignments
from services.draws.people.calendar import calendar
from services.draws.people.problems import TOO_MANY_ASSIGNMENTS
from services.draws.people.schemas import AssignmentsQuestionSchema, AssignmentsSchema, CalendarQuestionSchema
from services.draws.refusing import log_refusals
from services.draws.steps import Draw
from shared.clock import day_of
from shared.web.bounds import ASSIGNMENTS_SCOPE, out_of_bounds
from shared.web.documented import LINK
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.paging import cursor_of, link_next
from shared.web.problems import INVALID, NOT_FOUND, OUT_OF_BOUNDS, Fault, ProblemError
from shared.web.routes import current_access, requires

MOST_EVENTS = 2_000
"""Of one calendar."""
_DAYS = 92
_TOLD = ("inspection_id", "result", "inspected_on", "findings")
_CALENDAR = {"text/calendar": {"schema": {"type": "string"}}}


def assigned(assignments: Assignments, clock: Callable[[], datetime]) -> Blueprint:
    """The routes, out of the draws' results; `clock` says what lies long ago."""
    blueprint = Blueprint("assignments", __name__, description="Who inspects whom")

    @blueprint.route("/v1/assignments")
    @requires("draws:plan", ASSIGNMENTS_SCOPE)
    @blueprint.doc(responses={403: OUT_OF_BOUNDS.code, 404: NOT_FOUND.code})
    @blueprint.arguments(AssignmentsQuestionSchema, location="query")
    @blueprint.response(200, AssignmentsSchema, headers=LINK)
    def list_(query: dict[str, Any]) -> Response:
        """Assignments, by draw

        After all replacements; who was replaced stays in the list. Sealed from the public like the result itself. With
        an inspector's own key: his.
        """
        with log_refusals():
            assignments.refuse_unknown(query.get("draw_id"))
            asked = query.get("draw_id"), _whose(query), query.get("cursor", "")
            page = assignments.page(*asked, query["limit"], _within())
        cursor = cursor_of(page.last) if page.last else None
        response = json_response({"assignments": [_shown(each) for each in page.rows], "next": cursor})
        link_next(response, cursor)
        return response

    @blueprint.route("/v1/assignments.ics")
    @requires("draws:plan", ASSIGNMENTS_SCOPE, basic=True)
    @blueprint.doc(
        responses={
            200: {"description": "OK", "content": _CALENDAR},
            403: OUT_OF_BOUNDS.code,
            404: NOT_FOUND.code,
        },
    )
    @blueprint.arguments(CalendarQuestionSchema, location="query")
    def ics(query: dict[str, Any]) -> Response:
        """An inspector's assignments as an iCalendar

        For a calendar that subscribes to it: those whose window is not over for three months. What is replaced comes
        again, cancelled. An inspector's own key (scope `assignments:read`, subject `inspector:` and his id) may come as
        the password of HTTP Basic, which is what calendars can send.
        """
        inspector_id = _whose(query)
        if inspector_id is None:
            raise ProblemError(INVALID, "Whose assignments?", errors=[Fault("/query/inspector_id", "is required")])
        with log_refusals():
            assignments.refuse_unknown(query.get("draw_id"), inspector_id)
            since = day_of(clock()) - timedelta(days=_DAYS)
            found = assignments.all_of(inspector_id, query.get("draw_id"), since, MOST_EVENTS, _within())
        if found is None:
            detail = f"There are more than {MOST_EVENTS}; ask for those of one draw by `draw_id`."
            raise ProblemError(TOO_MANY_ASSIGNMENTS, detail)
        return Response(calendar(found), mimetype="text/calendar")

    return blueprint


def _whose(query: dict[str, Any]) -> str | None:
    """The inspector that is asked for; who has a key of his own asks for himself alone."""
    access = current_access()
    own = access.bounds.inspector if access else None
    asked: str | None = query.get("inspector_id", own)
    if own is not None and asked != own:
        raise out_of_bounds(f"This access key is for inspector {own} alone.")
    return asked


def _within() -> Callable[[Draw], bool]:
    """Which draws the asker may work at."""
    access = current_access()
    return lambda draw: bool(scopes_at(draw, access))


def _shown(each: Assignment) -> dict[str, Any]:
    plan, outcome = each.draw.plan.document, each.outcome
    told = outcome and {name: getattr(outcome, name) for name in _TOLD}
    return {
        "draw_id": each.draw.draw_id,
        "title": plan["title"],
        "subject_id": each.seat.subject_id,
        "case": each.case and {"id": each.case.id, "salt": each.case.salt},
        "name": each.address and each.address.name,
        "address": each.address and each.address.address,
        "inspector_id": each.inspector_id,
        "inspector_name": each.inspector_name,
        "code": each.seat.code,
        "status": "assigned" if each.seat.stands else "replaced",
        "window": plan["window"],
        "items": plan["items"],
        "outcome": told,
    }
