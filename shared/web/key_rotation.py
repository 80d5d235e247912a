"""Rotation of access keys: a successor that may the same, and two live keys at most (pure)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from shared.web.access import AccessKey
from shared.web.key_making import NewKey


class NotRotatable(ValueError):
    """The key has a live successor already, or is no longer valid itself."""


def successor_of(key: AccessKey, known: Collection[AccessKey], now: datetime, by: str | None = None) -> NewKey:
    """The key that takes over from one: same scopes, bounds, label and end. Raises `NotRotatable`.

    Both are valid until the former is revoked, so that its holder changes over without a gap. A third beside them would
    be a key that nobody remembers.
    """
    if not key.lives(now):
        raise NotRotatable(f"key {key.key_id} is not valid any more; make a new one")
    live = {each.key_id: each for each in known if each.lives(now)}
    other = next((each.key_id for each in live.values() if each.replaces == key.key_id), None)
    if other is None and key.replaces in live:
        other = key.replaces
    if other is not None:
        raise NotRotatable(f"key {key.key_id} and {other} are both valid; revoke one of them first")
    return NewKey(key.scopes, key.label, key.bounds, key.expires, key.key_id, by)
