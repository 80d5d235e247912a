"""Pages for people: `/guides`, how to connect; `/subjects/…`, where the QR code at a door leads; `/subject-keys`, where
that of a notice does.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, abort, redirect, render_template, request
from markupsafe import Markup
from werkzeug import Response as Answer

from services.portal.guides import LANGUAGES, guides
from shared.web.routes import public

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_ACTING = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'"
"""Of a page whose script asks this installation, and nobody else."""
_SCRIPTS = {"items.js": "items.js", "subject.js": "subject.js", "subject-keys.js": "subject_keys.js"}
_LIFE = "public, max-age=300"


def pages(public_url: str = "") -> Blueprint:
    """The routes; `public_url` is where people reach this installation, empty for where they ask."""
    blueprint = Blueprint("portal", __name__, template_folder="templates")

    @blueprint.get("/")
    @blueprint.get("/guides")
    @public
    def index() -> Answer:
        language = request.accept_languages.best_match(list(LANGUAGES)) or next(iter(LANGUAGES))
        first = next(name for name, _ in guides())
        answer = redirect(f"/guides/{first}.{language}", 303)
        answer.vary.add("Accept-Language")
        return answer

    @blueprint.get("/guides/<string:name>.<string:language>")
    @public
    def guide(name: str, language: str) -> Response:
        found = guides().get((name, language))
        if found is None:
            abort(404)
        links = [(f"/guides/{each.name}.{each.language}", each.title) for each in guides().values()]
        page = render_template(
            "guide.html",
            language=LANGUAGES[language],
            title=found.title,
            links=[*links, ("/subject-keys", "我的信用 My own credit"), ("/docs", "API")],
            content=Markup(found.html(public_url or request.url_root.rstrip("/"))),  # noqa: S704 - our own texts
        )
        return _page(page, _POLICY)

    @blueprint.get("/subject-keys")
    @public
    def subject_keys() -> Response:
        return _page(render_template("subject_keys.html"), _ACTING)

    @blueprint.get("/subjects/<string:subject_id>")
    @public
    def subject(subject_id: str) -> Response:  # noqa: ARG001  # its script reads it out of the address
        return _page(render_template("subject.html"), _ACTING)

    for name, template in _SCRIPTS.items():
        blueprint.add_url_rule(f"/{name}", name.replace(".", "-"), public(partial(_script, template)))

    return blueprint


def _script(template: str) -> Response:
    response = Response(render_template(template), mimetype="text/javascript")
    response.headers["Cache-Control"] = _LIFE
    return response


def _page(content: str, policy: str) -> Response:
    response = Response(content, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = _LIFE
    return response
