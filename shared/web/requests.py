"""What every request gets: an id, a line in the log, its time counted, and headers that keep browsers from guessing."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from flask import Flask, Response, current_app, g, request

from shared.telemetry.metrics import REQUESTS
from shared.web.cors import reading_headers
from shared.web.limiting import rate_headers
from shared.web.refusals import CODES, STATUSES, Refusals, Sort
from shared.web.routes import is_public, reads_by_post

REQUEST_ID = "X-Request-Id"
_REFUSALS = "chengxin_refusals"
_log = structlog.get_logger(__name__)
_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PROBES = frozenset({"/livez", "/readyz", "/metrics"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""A caller may send any word for a method: others are one label together."""

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_DEFAULTS = [*SECURITY_HEADERS.items(), ("Cache-Control", "no-store")]


def register(app: Flask, refusals: Refusals | None = None) -> None:
    """Give every request of this application its id, its log line and its headers; `refusals` counts those."""
    app.extensions[_REFUSALS] = refusals
    app.before_request(_begin)
    app.after_request(_end)


def id_of_request(given: str) -> str:
    """The id of a request: the caller's, where it is one, else a new one."""
    return given if _GIVEN.fullmatch(given) else uuid.uuid4().hex


def told(route: str | None, method: str, status: int, seconds: float, request_id: str, key_id: str | None) -> None:
    """Count a request that was answered, and write its line; `route` never the address: that names subjects."""
    REQUESTS.labels(route or "none", method, status).observe(seconds)
    if route not in _PROBES:
        _log.info(
            "request",
            request_id=request_id,
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            key=key_id,
        )


def _begin() -> None:
    g.request_id = id_of_request(request.headers.get(REQUEST_ID, ""))
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    own = [(REQUEST_ID, g.get("request_id", "")), *rate_headers(g.get("rate"))]
    own += reading_headers(request.method, public=is_public(), posts=reads_by_post())
    # All at once: the library goes through all headers each time that one is set.
    present = {name.lower() for name in response.headers.keys()}  # noqa: SIM118  # its iteration is over pairs
    own += [each for each in _DEFAULTS if each[0].lower() not in present]
    if request.is_secure:
        own.append(("Strict-Transport-Security", "max-age=31536000"))
    response.headers.extend(own)
    route = request.url_rule.rule if request.url_rule else None
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    method = request.method if request.method in _METHODS else "other"
    is_refusal = response.status_code in STATUSES or g.get("problem") in CODES
    if is_refusal and (refusals := current_app.extensions.get(_REFUSALS)):
        key_id = access.key_id if (access := g.get("access")) else g.get("claimed")
        refusals.note(Sort(g.get("problem", "other"), route or "none", method, key_id))
    access = g.get("access")
    told(route, method, response.status_code, seconds, g.get("request_id", ""), access.key_id if access else None)
    return response
