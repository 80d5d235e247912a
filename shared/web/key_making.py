"""Makes and revokes access keys: what is appended to `access.v1`, and what keeps a key from being made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.eventlog.own import append_own
from shared.eventlog.port import Appender
from shared.events.envelope import Event, Fault
from shared.events.types.access_key_created import ACCESS_KEY_CREATED
from shared.events.types.access_key_revoked import ACCESS_KEY_REVOKED
from shared.registry.regions import prefix_of
from shared.web.access import UNBOUND, AccessKey
from shared.web.bounds import Bounds, bound_faults
from shared.web.keys import SCOPES, Minted, mint

SOURCE = "urn:chengxin:access"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that is asked for; `by` is who asks, `replaces` the key that it takes over from."""

    scopes: frozenset[str]
    label: str
    bounds: Bounds = UNBOUND
    expires: datetime | None = None
    replaces: str | None = None
    by: str | None = None

    def faults(self, now: datetime) -> list[Fault]:
        """What keeps it from being made."""
        faults = bound_faults(self.scopes, self.bounds)
        if unknown := sorted(self.scopes - set(SCOPES)):
            faults.append(Fault("/scopes", f"has {', '.join(unknown)}; there are {', '.join(SCOPES)}"))
        if self.expires is not None and self.expires <= now:
            faults.append(Fault("/expires_at", "must be later than now"))
        return faults

    def is_of(self, key: AccessKey) -> bool:
        """Whether this is what a key was asked for as."""
        bounds = replace(self.bounds, regions=tuple(map(prefix_of, self.bounds.regions)))
        wanted = self.scopes, self.label, bounds, self.expires
        return wanted == (key.scopes, key.label, key.bounds, key.expires)

    def data(self) -> dict[str, Any]:
        """What the log is told beside the key's own id and hash."""
        told = {
            "scopes": sorted(self.scopes),
            "label": self.label,
            "regions": [prefix_of(region) for region in self.bounds.regions],
            "sources": list(self.bounds.sources),
            "subject": self.bounds.subject,
            "expires_at": self.expires and self.expires.isoformat(),
            "replaces": self.replaces,
            "created_by": self.by,
        }
        return {name: value for name, value in told.items() if value}


def create_key(appender: Appender, topic: str, asked: NewKey, now: datetime, key_id: str | None = None) -> Minted:
    """Make a key and append its hash; the key itself is in the answer alone. Raises `ValueError`, `LogUnavailable`."""
    if faults := asked.faults(now):
        raise ValueError("; ".join(f"{fault.pointer.removeprefix('/')} {fault.message}" for fault in faults))
    minted = mint(key_id)
    _append(appender, topic, ACCESS_KEY_CREATED, minted.key_id, asked.data() | {"secret_hash": minted.key_hash}, now)
    return minted


def revoke_key(appender: Appender, topic: str, key: AccessKey, now: datetime, by: str | None = None) -> None:
    """Make a key invalid for good; doing it twice changes nothing. Raises `LogUnavailable`.

    Compaction leaves the last record of each key alone, so this one says what a list of keys shows.
    """
    known = {"scopes": sorted(key.scopes), "label": key.label, "revoked_by": by, "replaces": key.replaces}
    known = {name: value for name, value in known.items() if value}
    _append(appender, topic, ACCESS_KEY_REVOKED, key.key_id, known, now)


def _append(appender: Appender, topic: str, type_: str, key_id: str, data: dict[str, Any], now: datetime) -> None:
    subject = f"key:{key_id}"
    event = Event(
        f"{key_id}.{type_.split('.')[-2]}", SOURCE, type_, subject, now.isoformat(), {"key_id": key_id, **data}
    )
    append_own(appender, topic, event)
