"""`/v1/rulebooks`: the published versions for everybody, and the way in for a new one (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Response, request

from services.lookup.answers import tag_of
from services.lookup.rulebooks.library import NOT_PUBLISHABLE, Library, lines
from services.lookup.rulebooks.schemas import (
    DOCUMENT,
    MEDIA_TYPE,
    PARAMETERS,
    REQUEST_BODY,
    AnswerSchema,
    LateSchema,
    LibrarySchema,
)
from shared.projection.rulebooks import Publication
from shared.rulebooks.document import MOST_BYTES
from shared.web.caching import cacheable
from shared.web.documented import ETAG, UNCHANGED
from shared.web.encoding import json_response
from shared.web.openapi import Blueprint
from shared.web.parsing import read_body
from shared.web.problems import NOT_FOUND, SCOPE_MISSING, TOO_LARGE, UNAVAILABLE, UNSUPPORTED_MEDIA_TYPE, ProblemError
from shared.web.routes import holder, public, requires

_PATH = "/v1/rulebooks"
_READ = {**UNCHANGED, 503: UNAVAILABLE.code}


def rulebooks(library: Library, clock: Callable[[], datetime]) -> Blueprint:
    """The routes, answered out of a library; `clock` says what day it is in Shanghai."""
    blueprint = Blueprint("rulebooks", __name__, description="Rulebooks 规则: every published version, as published")

    @blueprint.route(_PATH)
    @public
    @blueprint.doc(responses=_READ)
    @blueprint.response(200, LibrarySchema, headers=ETAG)
    def versions() -> Response:
        """Every published version

        All in one answer: there are a few for each kind of subject. One is listed within a second of its publication.
        """
        body = {"rulebooks": [_shown(each) for each in library.publications()]}
        return cacheable(json_response(body), tag_of(body), clock(), private=False, weak=True)

    @blueprint.route(f"{_PATH}/<string:rulebook_id>/<int:version>", parameters=PARAMETERS)
    @public
    @blueprint.doc(responses=_READ | {200: DOCUMENT | {"headers": ETAG}, 404: NOT_FOUND.code})
    def document(rulebook_id: str, version: int) -> Response:
        """A version, byte by byte as published

        Saved beside others in a folder, it is what `chengxin receipt verify --rulebooks` checks receipts by.
        """
        found = library.publication(rulebook_id, version)
        response = Response(found.content, mimetype=MEDIA_TYPE)
        response.headers["Content-Disposition"] = f'attachment; filename="{rulebook_id}-v{version}.yaml"'
        return cacheable(response, found.book.sha256, clock(), private=False)

    @blueprint.route(_PATH, methods=["POST"])
    @requires("rulebooks:publish")
    @blueprint.doc(
        requestBody=REQUEST_BODY,
        responses={409: NOT_PUBLISHABLE.code, 413: TOO_LARGE.code, 415: UNSUPPORTED_MEDIA_TYPE.code},
    )
    @blueprint.arguments(LateSchema, location="query")
    @blueprint.response(201, AnswerSchema, headers={"Location": {"schema": {"type": "string"}}})
    @blueprint.alt_response(200, schema=AnswerSchema, description="It is published already, with these very bytes")
    def publish(query: dict[str, Any]) -> Response:
        """Publish a version

        From then on every worker scores by it, and it never changes again. It is checked first, beside those published
        and the laws that are shipped. Refused are other bytes under a number that is published, a number below one that
        is, and a day that is not to come (but for the first version of an id). Who published it is told in the audit.
        """
        access = holder()
        late = query.get("late", False)
        if late and "admin" not in access.scopes:
            raise ProblemError(SCOPE_MISSING, "`late=true` needs the scope `admin` too.", scope="admin")
        if request.mimetype != MEDIA_TYPE:
            raise ProblemError(UNSUPPORTED_MEDIA_TYPE, f"Send the document as `Content-Type: {MEDIA_TYPE}`.")
        answer = library.publish(read_body(MOST_BYTES), f"key:{access.key_id}", clock(), late=late)
        book = answer.book
        warnings = [{"pointer": each.pointer, "message": each.message} for each in lines(answer.report.warnings)]
        body = {
            "id": book.id,
            "version": book.version,
            "sha256": book.sha256,
            "effective_from": book.effective_from,
            "state": answer.state,
            "changes": answer.changes,
            "warnings": warnings,
        }
        response = json_response(body, 201 if answer.state == "published" else 200)
        if answer.state == "published":
            response.headers["Location"] = f"{_PATH}/{quote(book.id, safe='')}/{book.version}"
        return response

    return blueprint


def _shown(publication: Publication) -> dict[str, Any]:
    book = publication.book
    return {
        "id": book.id,
        "version": book.version,
        "title": book.title,
        "kinds": sorted(book.kinds),
        "effective_from": book.effective_from.isoformat(),
        "sha256": book.sha256,
        "published_at": publication.at.isoformat(),
    }
