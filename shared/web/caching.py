"""Conditional reads (RFC 9110): ETag, 304, and a cache life that ends at midnight in Shanghai at the latest."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import Response, request

from shared.clock import SHANGHAI

LIFE = 60
"""Seconds an answer may be kept: the longest that a revocation may go unseen in somebody's cache."""


def seconds_left(now: datetime) -> int:
    """Whole seconds until midnight in Shanghai, rounded down, so that no answer outlives its day."""
    local = now.astimezone(SHANGHAI)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), SHANGHAI)
    return int((midnight - local).total_seconds())


def cacheable(
    response: Response, etag: str, now: datetime, *, private: bool, weak: bool = False, most: int = LIFE
) -> Response:
    """The answer with its validators; 304 without a body where the caller has it already.

    `most` is for how many seconds it may be kept: 0 where whoever keeps it has to ask each time.
    The same address answers differently by key, hence `Vary`; what a key may see only its holder may keep.
    """
    response.set_etag(etag, weak)
    response.vary.add("Authorization")
    life = min(most, seconds_left(now))
    whose = "private" if private else "public"
    response.headers["Cache-Control"] = f"{whose}, max-age={life}, must-revalidate"
    if "If-None-Match" in request.headers:  # asked first: the library takes as long to find that it is not there
        response.make_conditional(request)
    return response
