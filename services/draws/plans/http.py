"""`POST /v1/draws`: a draw is planned (DESIGN.md section 5)."""

from __future__ import annotations

from typing import Any

from flask import Response

from services.draws import problems
from services.draws.answering import PlannedSchema
from services.draws.answers.http import LOCATION, WRITTEN, located, refuse_stranger, shown
from services.draws.plans.planner import Planner, asked_for
from services.draws.reading import Reading
from services.draws.refusing import log_refusals
from services.draws.schemas import PlanSchema, ValidateSchema
from shared.web.documented import BODY
from shared.web.encoding import json_response
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED, IdempotencySchema, sha256_of_body
from shared.web.openapi import Blueprint
from shared.web.routes import holder, requires


def plans(planner: Planner, reading: Reading) -> Blueprint:
    """The route, on the planner's counter."""
    blueprint = Blueprint("plans", __name__, description="Draws being planned")

    @blueprint.route("/v1/draws", methods=["POST"])
    @requires("draws:plan")
    @blueprint.doc(responses={**BODY, 409: problems.DRAW_EXISTS.code, 422: IDEMPOTENCY_KEY_REUSED.code})
    @blueprint.arguments(IdempotencySchema, location="headers")
    @blueprint.arguments(ValidateSchema, location="query")
    @blueprint.arguments(PlanSchema)
    @blueprint.response(201, PlannedSchema, headers=LOCATION)
    @blueprint.alt_response(200, schema=PlannedSchema, description="Nothing was written: judged, or planned before")
    @blueprint.alt_response(202, schema=PlannedSchema, description=WRITTEN, headers=LOCATION)
    def plan(headers: dict[str, Any], query: dict[str, Any], body: dict[str, Any]) -> Response:
        """Plan a draw

        The plan never changes again. Pool and inspectors come from the register as it is at the freeze, by `as_of` and
        `known_at`; `preview` says what they would be now. With `validate=true` nothing is written, and numbers are
        withheld while an earlier draw of such a pool is sealed, since they tell whom it has selected.
        """
        access = holder()
        refuse_stranger(body)
        asked = asked_for(body, access.person, headers.get("idempotency_key"), sha256_of_body())
        with log_refusals():
            if query["judged"]:
                draw = planner.would(asked)
                return json_response(shown(reading, draw) | {"preview": planner.glimpse(draw)})
            written, new = planner.plan(asked)
            preview = planner.preview(written.draw)
        status = 200 if not new else 201 if written.readable else 202
        return located(json_response(shown(reading, written.draw) | {"preview": preview}, status), written.draw)

    return blueprint
