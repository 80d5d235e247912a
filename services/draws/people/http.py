"""`/v1/inspectors`: the register of inspectors 执法人员名录, of which nothing is public (DESIGN.md section 5)."""

from __future__ import annotations

from typing import Any

from flask import Response

from services.draws.people.listing import Wanted, listed
from services.draws.people.register import Register
from services.draws.people.registrar import Registrar
from services.draws.people.schemas import (
    INSPECTOR_PARAMETERS,
    InspectorSchema,
    InspectorsQuestionSchema,
    RegisterPageSchema,
)
from shared.events.types.inspector_upserted import InspectorUpserted
from shared.web.bounds import Bounds
from shared.web.documented import BODY, LINK
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.paging import cursor_of, link_next
from shared.web.problems import INVALID, Fault, ProblemError
from shared.web.routes import holder, requires


def inspectors(register: Register, registrar: Registrar) -> Blueprint:
    """The routes, on the register."""
    blueprint = Blueprint("inspectors", __name__, description="The register of inspectors")

    @blueprint.route("/v1/inspectors")
    @requires("draws:plan")
    @blueprint.arguments(InspectorsQuestionSchema, location="query")
    @blueprint.response(200, RegisterPageSchema, headers=LINK)
    def list_(query: dict[str, Any]) -> Response:
        """Inspectors, by id

        As the register has them by now.
        """
        after, most = query.pop("cursor", ""), query.pop("limit")
        found, last = listed(register, Wanted(**query, within=_bounds()), after, most)
        cursor = cursor_of(last) if last else None
        response = json_response({"inspectors": [entry.data for entry in found], "next": cursor})
        link_next(response, cursor)
        return response

    @blueprint.route("/v1/inspectors/<string:inspector_id>", methods=["PUT"], parameters=INSPECTOR_PARAMETERS)
    @requires("registry:write")
    @blueprint.doc(responses=BODY)
    @blueprint.arguments(InspectorUpserted)
    @blueprint.response(200, InspectorSchema)
    @blueprint.alt_response(202, schema=InspectorSchema, description="It is written, and not everybody can read it yet")
    def put(body: dict[str, Any], inspector_id: str) -> Response:
        """Enter an inspector, or change the entry

        The same content again writes nothing.
        """
        _bounds().refuse_region(body["region"])
        if body["inspector_id"] != inspector_id:
            fault = Fault("/inspector_id", f"must be that of the address, {inspector_id}")
            raise ProblemError(INVALID, "The body speaks of somebody else.", errors=[fault])
        done = registrar.put(inspector_id, body, _bounds())
        return json_response(done.data, 200 if done.readable else 202)

    return blueprint


def _bounds() -> Bounds:
    access = holder()
    return access.bounds
