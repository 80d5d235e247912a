"""`PUT /v1/subjects/{subject_id}`: an entry in the register of subjects 主体登记 (DESIGN.md section 5)."""

from __future__ import annotations

from typing import Any

from flask import Response

from services.ingest.register.registrar import Registrar
from shared.events.types.subject_upserted import SubjectUpserted
from shared.web.applied import REBUILDING
from shared.web.documented import BODY
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.problems import (
    OUT_OF_BOUNDS,
)
from shared.web.routes import holder, requires
from shared.web.subject_path import PARAMETERS, PATH, normalised

_REFUSALS = {
    **BODY,
    403: OUT_OF_BOUNDS.code,
    503: REBUILDING.code,
}


def register(registrar: Registrar) -> Blueprint:
    """The route, on the registrar."""
    blueprint = Blueprint("register", __name__, description="The register of subjects")

    @blueprint.route(PATH, methods=["PUT"], parameters=PARAMETERS)
    @requires("registry:write")
    @blueprint.doc(responses=_REFUSALS)
    @blueprint.arguments(SubjectUpserted)
    @blueprint.response(200, SubjectUpserted)
    @blueprint.alt_response(202, schema=SubjectUpserted, description="It is written, and not everybody can read it yet")
    def put(body: dict[str, Any], subject_id: str) -> Response:
        """Enter a subject, or change the entry

        The whole entry: what is left out is not in it any more. The same content again writes nothing.
        """
        access = holder()
        done = registrar.put(normalised(subject_id), body, access.bounds)
        return json_response(done.data, 200 if done.readable else 202)

    return blueprint
