"""What every request gets: an id, a line in the log, its time counted, and headers that keep browsers from guessing."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from flask import Flask, Response, current_app, g, request

from shared.telemetry.metrics import REQUESTS
from shared.web.cors import allow_reading
from shared.web.limiting import tell_rate
from shared.web.refusals import STATUSES, Refusals, Sort
from shared.web.routes import is_public

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


def register(app: Flask, refusals: Refusals | None = None) -> None:
    """Give every request of this application its id, its log line and its headers; `refusals` counts those."""
    app.extensions[_REFUSALS] = refusals
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    tell_rate(response)
    allow_reading(response, public=is_public())
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    route = request.url_rule.rule if request.url_rule else None  # never the address: it names subjects
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(route or "none", method, response.status_code).observe(seconds)
    if response.status_code in STATUSES and (refusals := current_app.extensions.get(_REFUSALS)):
        key_id = access.key_id if (access := g.get("access")) else g.get("claimed")
        refusals.note(Sort(g.get("problem", "other"), route or "none", method, key_id))
    if request.path not in _PROBES:
        access = g.get("access")
        _log.info(
            "request",
            request_id=g.get("request_id"),
            method=request.method,
            route=route,
            status=response.status_code,
            milliseconds=round(seconds * 1000, 1),
            key=access.key_id if access else None,
        )
    return response
