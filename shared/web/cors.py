"""Cross-origin reads: scripts of any page may read what is public, and nothing else (the Fetch standard's CORS)."""

from __future__ import annotations

_EXPOSED = "ETag, Link, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, Journal-Head, JWS-Signature"
_KEPT_SECONDS = 86_400
_READ = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", _EXPOSED)]
_SECONDS = ("Access-Control-Max-Age", str(_KEPT_SECONDS))
_BY_GET = [
    ("Access-Control-Allow-Methods", "GET, HEAD"),
    ("Access-Control-Allow-Headers", "If-None-Match"),
    _SECONDS,
]
_BY_POST = [
    ("Access-Control-Allow-Methods", "POST"),
    ("Access-Control-Allow-Headers", "Content-Type"),
    _SECONDS,
]


def reading_headers(method: str, *, public: bool, posts: bool = False) -> list[tuple[str, str]]:
    """What lets scripts read the answer of a public route, or ask whether they may; no key comes from foreign pages.

    `posts`: the route is asked by POST, and reads.
    """
    if not public or method not in ("GET", "HEAD", "OPTIONS", *(["POST"] if posts else [])):
        return []
    asked = _BY_POST if posts else _BY_GET
    return [*_READ, *asked] if method == "OPTIONS" else _READ
