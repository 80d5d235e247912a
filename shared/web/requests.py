"""What every request gets: an id, a line in the log, its time counted, and headers that keep browsers from guessing."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request

from shared.telemetry.metrics import REQUESTS

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


def register(app: Flask) -> None:
    """Give every request of this application its id, its log line and its headers."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    route = request.url_rule.rule if request.url_rule else None  # never the address: it names subjects
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(route or "none", method, response.status_code).observe(seconds)
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
