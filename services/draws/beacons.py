"""When a round of a public beacon comes: its name says so, and a plan must not say later. Pure.

drand (the League of Entropy) publishes a value every few seconds; the round of a moment follows from the beacon's first
moment and its period, which are fixed for its life (drand.love, `/info` of each beacon).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple


class _Beacon(NamedTuple):
    genesis: int
    """When round 1 came, in seconds since 1970."""
    period: int
    """Seconds from a round to the next."""


_DRAND = {"quicknet": _Beacon(1_692_803_367, 3), "default": _Beacon(1_595_431_050, 30)}
_ROUND = re.compile(r"drand (quicknet|default) round ([1-9][0-9]{0,10})")


def round_at(source: str) -> datetime | None:
    """When the round comes that a seed source names, such as `drand quicknet round 34500000`; None for other names."""
    named = _ROUND.fullmatch(source)
    if named is None:
        return None
    beacon, number = _DRAND[named[1]], int(named[2])
    try:
        return datetime.fromtimestamp(beacon.genesis, UTC) + timedelta(seconds=(number - 1) * beacon.period)
    except OverflowError:  # no calendar goes so far
        return datetime.max.replace(tzinfo=UTC)
