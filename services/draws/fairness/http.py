"""`GET /v1/draws/{draw_id}/probabilities` before a draw, `GET /v1/fairness` over all of them: both for everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Response

from services.draws.audience import SCOPES
from services.draws.fairness.keeping import Keeping
from services.draws.fairness.schemas import FairnessSchema, ProbabilitiesSchema
from services.draws.following import Following
from services.draws.ordering import no_draw, out_of_order
from services.draws.probabilities import probabilities
from services.draws.problems import OUT_OF_ORDER
from services.draws.schemas import PARAMETERS
from services.draws.seeding import abandoned_late
from services.draws.sharing import Sharing
from services.draws.shown.http import HEADERS, READ, tagged
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.problems import NOT_FOUND
from shared.web.routes import current_access, public


def fairness(following: Following, keeping: Keeping, clock: Callable[[], datetime]) -> Blueprint:
    """The routes, out of what is followed and what is counted of it."""
    blueprint = Blueprint("fairness", __name__, description="Whether draws are as they were planned")

    @blueprint.route("/v1/draws/<string:draw_id>/probabilities", parameters=PARAMETERS)
    @public
    @blueprint.doc(responses=READ | {404: NOT_FOUND.code, 409: OUT_OF_ORDER.code})
    @blueprint.response(200, ProbabilitiesSchema, headers=HEADERS)
    def of_one(draw_id: str) -> Response:
        """How likely each subject is to be drawn

        From the freeze on. Within a stratum every subject has the same probability; who is inspected in the place of
        another comes from the same stratum.
        """
        draw = following.draws().by_id.get(draw_id)
        if draw is None:
            raise no_draw()
        if draw.committed is None:
            raise out_of_order(draw, "Its pool is not frozen, so nobody's probability is settled.")
        named = {"draw_id": draw_id, "commitment": draw.committed.commitment}
        body = json_response(named | probabilities(draw.committed.told))
        return tagged(body, clock(), private=False)

    @blueprint.route("/v1/fairness")
    @public
    @blueprint.doc(responses=READ)
    @blueprint.response(200, FairnessSchema, headers=HEADERS)
    def of_all() -> Response:
        """Realised and planned frequencies over all published draws

        By stratum, county and inspector, with the likelihood that chance alone leads as far from the plan; and every
        commitment that shares a seed source or a pool with another.
        """
        counted = keeping.comparison  # first: of what was published meanwhile it must not have more
        draws = following.draws()
        phases = [draw.phase for draw in draws.by_id.values()]
        body = {
            **counted.document(),
            "draws_to_come": phases.count("published") - counted.draws,
            "draws_unpublished": phases.count("seeded") + phases.count("drawn"),
            "draws_abandoned_late": sum(map(abandoned_late, draws.by_id.values())),
            "shared": Sharing(draws).all(),
        }
        access = current_access()
        inside = access is not None and not (access.bounds.regions or access.scopes.isdisjoint(SCOPES))
        persons = {"persons": counted.persons()} if inside else {}
        return tagged(json_response(body | persons), clock(), private=inside)

    return blueprint
