"""All access keys in memory, as topic `access.v1` tells them: who asks is judged without a look elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from shared.clock import now
from shared.web.bounds import Bounds
from shared.web.codes import OneTimeCodes
from shared.web.keys import id_of, verify

UNBOUND = Bounds()


class InvalidKey(Exception):
    """The key is unknown, wrong, expired or revoked; which of them is nobody's business."""


class KeysUnknown(Exception):
    """The keys have not been read from the log yet."""


class Access(NamedTuple):
    """Who asks, what they may, and where."""

    key_id: str
    scopes: frozenset[str]
    bounds: Bounds = UNBOUND
    first: str | None = None
    """The key that this one follows by rotations, the first of them; None where it follows none."""

    @property
    def person(self) -> str:
        """Who asks, whichever of his keys he asks with: a second key makes no second person."""
        return f"key:{self.first or self.key_id}"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A key as the log knows it: times are the log's. A revoked one stays revoked."""

    key_id: str
    key_hash: str = ""
    label: str = ""
    scopes: frozenset[str] = frozenset()
    created: datetime | None = None
    revoked: datetime | None = None
    bounds: Bounds = UNBOUND
    expires: datetime | None = None
    """From when on it is not valid any more; None is never."""
    replaces: str | None = None
    """The key that this one takes over from; both live until the former is revoked."""

    def lives(self, instant: datetime) -> bool:
        """Whether it is valid at an instant."""
        return self.revoked is None and (self.expires is None or instant < self.expires)


class AccessKeys:
    """The directory. One thread writes, all may read: every change is one assignment."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self._keys: dict[str, AccessKey] = {}
        self._clock = clock
        self._used: dict[str, datetime] = {}
        self.codes = OneTimeCodes()
        """The one-time codes of the same topic."""
        self.ready = False
        """Whether the log was once read to its end; what was read then serves on when the log is down."""

    def created(
        self,
        key_id: str,
        key_hash: str,
        label: str,
        scopes: frozenset[str],
        at: datetime,
        bounds: Bounds = UNBOUND,
        expires: datetime | None = None,
        replaces: str | None = None,
    ) -> None:
        """A key was made; reading it again changes nothing, and nothing brings a revoked one back."""
        revoked = self._keys[key_id].revoked if key_id in self._keys else None
        self._keys[key_id] = AccessKey(key_id, key_hash, label, scopes, at, revoked, bounds, expires, replaces)

    def revoked(
        self,
        key_id: str,
        at: datetime,
        label: str = "",
        scopes: frozenset[str] = frozenset(),
        replaces: str | None = None,
    ) -> None:
        """A key is no longer valid, from now on and for good; what it was is said where its making is gone."""
        known = self._keys.get(key_id, AccessKey(key_id, "", label, scopes, replaces=replaces))
        if known.revoked is None:
            self._keys[key_id] = replace(known, revoked=at)

    def find(self, key_id: str) -> AccessKey | None:
        """The key with this id, also a revoked one."""
        return self._keys.get(key_id)

    def all(self) -> list[AccessKey]:
        """Every key, by id."""
        return [self._keys[key_id] for key_id in sorted(self._keys)]

    def authenticate(self, key: str) -> Access:
        """Who holds this key. Raises `InvalidKey`, or `KeysUnknown` before the log was read."""
        if not self.ready:
            raise KeysUnknown
        key_id = id_of(key)
        found = self._keys.get(key_id) if key_id else None
        now = self._clock()
        if not verify(key, found.key_hash if found else None) or found is None or not found.lives(now):
            raise InvalidKey
        self._used[found.key_id] = now
        first = self.line(found.key_id)[-1]
        return Access(found.key_id, found.scopes, found.bounds, first if first != found.key_id else None)

    def line(self, key_id: str) -> list[str]:
        """A key, the one that it has taken over from, and so on."""
        seen: list[str] = []
        named: str | None = key_id
        while named is not None and named not in seen:
            seen.append(named)
            known = self._keys.get(named)
            named = known.replaces if known else None
        return seen

    def may(self, person: str, scope: str) -> bool:
        """Whether somebody has a valid key with a scope now, whichever of his keys it is."""
        now = self._clock()
        mine = (key for key in self._keys.values() if f"key:{self.line(key.key_id)[-1]}" == person)
        return any(scope in key.scopes and key.lives(now) for key in mine)

    def take_used(self) -> dict[str, datetime]:
        """When keys were used since this was asked last."""
        used, self._used = self._used, {}
        return used
