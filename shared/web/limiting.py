"""Rate limits over HTTP: per key, or per address where there is no valid one, told by the fields of the IETF's draft.

`RateLimit-Policy` and `RateLimit` are those of draft-ietf-httpapi-ratelimit-headers-10; 429 is RFC 6585.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import NamedTuple

from flask import g, request

from shared.web.problems import TOO_MANY_REQUESTS, ProblemError
from shared.web.rates import WINDOW, Rates, Taken

_ADDRESSES = 4_096
"""That are read once: to read one takes as long as to count it ten times."""
_HOST_BITS = 64
"""Of an IPv6 address: whoever has one has them all."""


@dataclass(frozen=True, slots=True)
class Quotas:
    """Requests a minute; 0 is no limit."""

    per_key: int = 0
    per_address: int = 0


class Rate(NamedTuple):
    """By what a request was counted, and what came of it."""

    sort: str
    quota: int
    taken: Taken


class Limiter:
    """Counts the requests of an application."""

    def __init__(self, quotas: Quotas, rates: Rates, seconds: Callable[[], float] = time.monotonic) -> None:
        self._quotas, self._rates, self._seconds = quotas, rates, seconds

    def count(self, key_id: str | None) -> None:
        """Count this request: by a valid key, else by its address. Raises `ProblemError` where it is one too many."""
        if key_id is not None:
            self._take("key", key_id, self._quotas.per_key)
        else:
            self._take("address", address_of(request.remote_addr), self._quotas.per_address)

    def count_attempt(self, what: str, quota: int) -> None:
        """Count one of the few attempts a minute that an address has at something, beside all its requests.

        Raises `ProblemError` where it is one too many, whatever key comes with the request.
        """
        self._take(f"address-{what}", address_of(request.remote_addr), quota)

    def taken_by_address(self, remote: str | None) -> Rate | None:
        """Count a request of an address without a word; None where nobody counts."""
        return self._rate("address", address_of(remote), self._quotas.per_address)

    def _rate(self, sort: str, who: str, quota: int) -> Rate | None:
        return Rate(sort, quota, self._rates.take(f"{sort} {who}", quota, self._seconds())) if quota else None

    def _take(self, sort: str, who: str, quota: int) -> None:
        rate = self._rate(sort, who, quota)
        if rate is None:
            return
        g.rate = rate
        if not rate.taken.allowed:
            again = ceil(rate.taken.seconds)
            detail = (
                f"This {sort.partition('-')[0]} may do that {quota} times in {WINDOW:.0f} s; try again in {again} s."
            )
            raise ProblemError(TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(again)})


def rate_headers(rate: Rate | None) -> list[tuple[str, str]]:
    """What is left of a quota, as headers; none where there is no quota."""
    if rate is None:
        return []
    left, again = rate.taken.left, ceil(rate.taken.seconds)
    policy, now = f'"{rate.sort}";q={rate.quota};w={WINDOW:.0f}', f'"{rate.sort}";r={left};t={again}'
    return [("RateLimit-Policy", policy), ("RateLimit", now)]


@lru_cache(_ADDRESSES)
def address_of(remote: str | None) -> str:
    """By what an address is counted."""
    try:
        address = ipaddress.ip_address(remote or "")
    except ValueError:
        return remote or "none"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _HOST_BITS), strict=False))
    return str(address)
