"""`GET /v1/coverage`: what data there is and is not, for everybody (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from services.lookup.coverage.counting import counted
from shared.events.catalogue import catalogue
from shared.events.types.inspector_upserted import INSPECTOR_UPSERTED
from shared.projection.remembered import Remembered
from shared.store.everyone import Everyone
from shared.web.applied import REBUILDING, store_refusals
from shared.web.caching import cacheable
from shared.web.documented import ETAG, UNCHANGED
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.routes import public

SECONDS = 3600.0
"""For how long it is kept: to count a large city goes through all that the store has."""


class SortSchema(Schema):
    """Facts of one type."""

    type = fields.String(required=True)
    facts = fields.Integer(required=True)
    first_on = fields.Date(required=True, metadata={"description": "Day on which the earliest happened"})
    last_on = fields.Date(required=True)
    recorded_until = fields.AwareDateTime(required=True, metadata={"description": "When the last one came"})


class CountySchema(Schema):
    """What there is of a county 县区."""

    region = fields.String(required=True, allow_none=True, metadata={"description": "null: of no region that is known"})
    name = fields.String(required=True, allow_none=True)
    subjects = fields.Dict(required=True, metadata={"description": "Registered ones, by kind"})
    types = fields.List(fields.Nested(SortSchema), required=True)
    missing = fields.List(fields.String(), required=True, metadata={"description": "Types of which there is nothing"})


class CoverageSchema(Schema):
    """What data there is, and until when."""

    counted_at = fields.AwareDateTime(required=True)
    counties = fields.List(fields.Nested(CountySchema), required=True)


def coverage(everyone: Everyone, clock: Callable[[], datetime]) -> Blueprint:
    """The route."""
    blueprint = Blueprint("coverage", __name__, description="What data there is")
    types = [
        name for name, kind in catalogue().by_type.items() if kind.elsewhere is None and name != INSPECTOR_UPSERTED
    ]

    def count() -> dict[str, Any]:
        return {"counted_at": clock(), "counties": counted(everyone(), types)}

    remembered = Remembered(count, seconds=SECONDS)

    @blueprint.route("/v1/coverage")
    @public
    @blueprint.doc(responses={**UNCHANGED, 503: REBUILDING.code})
    @blueprint.response(200, CoverageSchema, headers=ETAG)
    def covered() -> Response:
        """What data there is and is not, by county and sort, and until when

        Numbers alone, an hour old at most. That a subject has no case says little where nobody sends cases: `missing`
        names what has never come of a county.
        """
        with store_refusals():
            body = remembered()
        return cacheable(json_response(body), body["counted_at"].strftime("%Y%m%d%H%M%S"), clock(), private=False)

    return blueprint
