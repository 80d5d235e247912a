"""`GET /v1/statistics/objections`: whether objections are decided in time, for everybody to see."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from services.statistics.silence.counting import counted
from shared.clock import day_of
from shared.credit.objections import Limits
from shared.projection.remembered import Remembered
from shared.registry.working_days import CalendarOf
from shared.store.everyone import Everyone
from shared.web.applied import REBUILDING, store_refusals
from shared.web.caching import cacheable
from shared.web.documented import ETAG, UNCHANGED
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.routes import public

_SECONDS = 60.0
"""For how long a count is shown again: everybody may ask, and it goes through all subjects."""


class CountSchema(Schema):
    """Objections of a district."""

    region = fields.String(required=True, allow_none=True, metadata={"description": "District, 6 digits"})
    filed = fields.Integer(required=True)
    open_in_time = fields.Integer(required=True)
    open_overdue = fields.Integer(required=True, metadata={"description": "Silence: the last day has passed"})
    decided_in_time = fields.Integer(required=True)
    decided_late = fields.Integer(required=True)
    marked_late = fields.Integer(
        required=True, metadata={"description": "The mark 异议中 stood beside the item after its last day"}
    )
    limit_unknown = fields.Integer(
        required=True, metadata={"description": "Their last day lies in a year without a calendar of working days"}
    )


class CountsSchema(Schema):
    """A row a district, and by which limits in working days it was counted."""

    mark_days = fields.Integer(required=True, metadata={"description": "For the mark beside the item"})
    own_days = fields.Integer(required=True, metadata={"description": "For what concerns an inspection"})
    other_days = fields.Integer(required=True, metadata={"description": "For what concerns a case"})
    as_of = fields.Date(required=True)
    districts = fields.List(fields.Nested(CountSchema), required=True)


def silence(everyone: Everyone, limits: Limits, calendars: CalendarOf, clock: Callable[[], datetime]) -> Blueprint:
    """The route."""
    blueprint = Blueprint("silence", __name__, description="Whether objections are decided in time")

    def count() -> dict[str, Any]:
        today = day_of(clock())
        rows = counted(everyone(), limits, calendars, today)
        days = {"mark_days": limits.mark, "own_days": limits.own, "other_days": limits.others}
        return {**days, "as_of": today.isoformat(), "districts": rows}

    remembered = Remembered(count, seconds=_SECONDS)

    @blueprint.route("/v1/statistics/objections")
    @public
    @blueprint.doc(responses={**UNCHANGED, 503: REBUILDING.code})
    @blueprint.response(200, CountsSchema, headers=ETAG)
    def counts() -> Response:
        """How many objections were decided in time, and how many wait beyond their last day

        Numbers alone, two minutes old at most: nobody who objected is named.
        """
        with store_refusals():
            response = json_response(remembered())
        tag = hashlib.sha256(response.get_data()).hexdigest()[:32]
        return cacheable(response, tag, clock(), private=False)

    return blueprint
