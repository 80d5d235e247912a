"""How often somebody may ask: one count for all web processes of a server, in memory that they share.

The generic cell rate algorithm: of each asker one number is kept, the instant at which his quota is whole again. It
costs a microsecond, where a count in the store costs a journey, and goes on when the store is down. Several servers
count apart. Two processes that write one slot at once may lose a count: it is a limit, not a ledger.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import struct
from pathlib import Path
from typing import NamedTuple

WINDOW = 60.0
"""Seconds in which a quota comes back; all of it may be used at once."""
_SLOTS = 1 << 16
_PROBED = 8
_SLOT = struct.Struct("<Qd")


class Taken(NamedTuple):
    """What came of one request: whether it may pass, how many are left, after how many seconds all are again."""

    allowed: bool
    left: int
    seconds: float


class Rates:
    """The counts of a server. A path is a file that its web processes share; without one this process counts alone."""

    def __init__(self, path: Path | None = None) -> None:
        size = _SLOTS * _SLOT.size
        if path is None:
            self._memory = mmap.mmap(-1, size)
            return
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, size)
            self._memory = mmap.mmap(descriptor, size)
        finally:
            os.close(descriptor)

    def take(self, who: str, quota: int, now: float) -> Taken:
        """One request of somebody who may ask so often in a window; `now` is the machine's monotonic clock."""
        mark = int.from_bytes(hashlib.blake2b(who.encode(), digest_size=8).digest()) or 1
        at, whole = self._slot(mark)
        each = WINDOW / quota
        after = max(whole, now) + each
        if after - now > WINDOW:
            return Taken(allowed=False, left=0, seconds=after - now - WINDOW)
        _SLOT.pack_into(self._memory, at, mark, after)
        return Taken(allowed=True, left=int((WINDOW - (after - now)) / each + 1e-6), seconds=after - now)

    def _slot(self, mark: int) -> tuple[int, float]:
        """Where somebody is counted, and until when: his own slot, else that of whose quota is whole the longest."""
        best, least = 0, float("inf")
        for step in range(_PROBED):
            at = (mark + step) % _SLOTS * _SLOT.size
            found, whole = _SLOT.unpack_from(self._memory, at)
            if found == mark:
                return at, whole
            if whole < least:
                best, least = at, whole
        return best, 0.0
