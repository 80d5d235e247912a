"""Cross-origin reads: scripts of any page may read what is public, and nothing else (the Fetch standard's CORS)."""

from __future__ import annotations

from flask import Response, request

_EXPOSED = "ETag, Link, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, Journal-Head, JWS-Signature"
_KEPT_SECONDS = 86_400


def allow_reading(response: Response, *, public: bool) -> Response:
    """Let a script read the answer of a public route, or ask whether it may; keys do not come from foreign pages."""
    if not public or request.method not in ("GET", "HEAD", "OPTIONS"):
        return response
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
        response.headers["Access-Control-Max-Age"] = str(_KEPT_SECONDS)
    return response
