"""Entries of a register, of which the latest time stands: how one follows another (DESIGN.md section 4). Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from shared.clock import SHANGHAI
from shared.credit.canonical import canonical


class Before(NamedTuple):
    """The entry that stands: its identity, and its time as it was written."""

    source: str
    id: str
    time: str


def id_after(before: Before | None, data: Mapping[str, Any]) -> str:
    """An id made of what is said and of what it follows: so the same that is sent again is known again."""
    follows = [before.source, before.id] if before else []
    return hashlib.sha256(canonical([*follows, data])).hexdigest()[:32]


def time_after(before: Before | None, now: datetime) -> str:
    """Now, and later than the entry that is followed."""
    latest = max(now, datetime.fromisoformat(before.time) + timedelta(milliseconds=1)) if before else now
    return latest.astimezone(SHANGHAI).isoformat(timespec="milliseconds")
