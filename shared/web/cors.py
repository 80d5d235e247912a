"""Cross-origin reads: scripts of any page may read what is public, and nothing else (the Fetch standard's CORS)."""

from __future__ import annotations

_EXPOSED = "ETag, Link, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, Journal-Head, JWS-Signature"
_KEPT_SECONDS = 86_400
_READ = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", _EXPOSED)]
_ASKED = [
    *_READ,
    ("Access-Control-Allow-Methods", "GET, HEAD"),
    ("Access-Control-Allow-Headers", "If-None-Match"),
    ("Access-Control-Max-Age", str(_KEPT_SECONDS)),
]


def reading_headers(method: str, *, public: bool) -> list[tuple[str, str]]:
    """What lets scripts read the answer of a public route, or ask whether they may; no key comes from foreign pages."""
    if not public or method not in ("GET", "HEAD", "OPTIONS"):
        return []
    return _ASKED if method == "OPTIONS" else _READ
