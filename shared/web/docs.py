"""`/<service>/openapi.json` and `/docs`: a page that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template

from shared.web.encoding import to_json
from shared.web.members import answered, members, sorts
from shared.web.problems import Kind
from shared.web.routes import public

_TABLES = {"members": members, "answered": answered, "sorts": sorts}
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def docs(documents: Mapping[str, dict[str, Any]], kinds: Sequence[Kind]) -> Blueprint:
    """The routes that show the OpenAPI documents, by service."""
    blueprint = Blueprint("docs", __name__, template_folder="templates")
    written = {service: to_json(document) for service, document in documents.items()}

    @blueprint.get("/<service>/openapi.json")
    @public
    def openapi(service: str) -> Response:
        if service not in written:
            abort(404)
        response = current_app.response_class(written[service], mimetype="application/json")
        response.headers["Cache-Control"] = "public, max-age=60"
        return response

    @blueprint.get("/docs")
    @public
    def page() -> Response:
        html = render_template("docs.html", documents=documents, kinds=kinds, **_TABLES)
        response = current_app.response_class(html, mimetype="text/html")
        response.headers["Content-Security-Policy"] = _PAGE_POLICY
        response.headers["Cache-Control"] = "public, max-age=60"
        return response

    return blueprint
