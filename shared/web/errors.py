"""Whatever is raised in a request becomes a problem; our own bugs are logged by place, never by content."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from shared.web.encoding import json_response
from shared.web.problems import INTERNAL, KINDS, Kind, ProblemError, too_large

if TYPE_CHECKING:
    from werkzeug.sansio.response import Response as AnyResponse

MEDIA_TYPE = "application/problem+json"

_log = structlog.get_logger(__name__)
_BY_STATUS = {kind.status: kind for kind in KINDS}
_DETAILS = {
    400: "The request is not well-formed HTTP for this address.",
    404: "Nothing is at this address; /docs lists what there is.",
    405: "The header Allow names the methods that this address takes.",
    413: "The body is larger than this address takes.",
    415: "The header Content-Type names a media type that this address does not take.",
}


def register(app: Flask) -> None:
    """Answer every error of this application as `application/problem+json`."""
    app.register_error_handler(ProblemError, _of_problem)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _of_bug)


def _of_problem(problem: ProblemError) -> Response:
    g.problem = problem.kind.code
    body = problem.body() | {"request_id": g.get("request_id")}
    response = json_response(body, problem.kind.status)
    response.mimetype = MEDIA_TYPE
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(problem.headers)
    return response


def _of_http(error: HTTPException) -> Response | AnyResponse:
    """An error of the framework: its headers (Allow, WWW-Authenticate) are kept, its HTML is not."""
    if error.response is not None or error.code is None or error.code < 400:  # noqa: PLR2004  # redirects
        return error.get_response()
    kind = _BY_STATUS.get(error.code) or Kind(error.name.lower().replace(" ", "-"), error.code, error.name)
    headers = {name: value for name, value in error.get_headers() if name.lower() != "content-type"}
    detail = _DETAILS.get(error.code, f"{error.name}.")
    if error.code == 413 and request.max_content_length is not None:  # noqa: PLR2004
        detail = too_large(request.max_content_length - 1).detail
    return _of_problem(ProblemError(kind, detail, headers=headers))


def _of_bug(error: Exception) -> Response:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
    _log.error("request_failed", error=type(error).__name__, at=places, request_id=g.get("request_id"))
    detail = "The fault is on our side and is logged under this request_id; nothing was changed by halves."
    return _of_problem(ProblemError(INTERNAL, detail))
