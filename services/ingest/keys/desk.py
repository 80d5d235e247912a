"""The desk of access keys: makes, rotates and revokes them on the log, for an administrator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from shared.eventlog.port import Appender, LogUnavailable
from shared.store.claims import Claiming, Taken, alone
from shared.store.client import StoreUnavailable
from shared.web.access import AccessKey, AccessKeys
from shared.web.idempotency import IDEMPOTENCY_KEY_REUSED
from shared.web.key_making import NewKey, create_key, revoke_key
from shared.web.key_rotation import NotRotatable, successor_of
from shared.web.keys import Minted
from shared.web.problems import INVALID, NOT_FOUND, Kind, ProblemError, unavailable

KEY_EXISTS = Kind("key-exists", 409, "This request has made its key before")
NOT_ROTATABLE = Kind("not-rotatable", 409, "This key cannot be rotated now")
OWN_KEY = Kind("own-key", 409, "A key does not revoke itself")


class KeysDesk:
    """Acts on the keys of a directory; whoever asks any web process finds what was done within 2 s."""

    def __init__(
        self,
        keys: AccessKeys,
        appender: Appender,
        topic: str,
        clock: Callable[[], datetime],
        used: Callable[[], Mapping[str, datetime]],
        claims: Claiming,
    ) -> None:
        """`used` says when keys were used last; it raises `StoreUnavailable`. `claims` keep apart the same request that
        comes twice at once: *else* one key would have two secrets, or the scopes of another request.
        """
        self._claims = claims
        self._keys, self._appender, self._topic = keys, appender, topic
        self._clock, self._used = clock, used

    def make(self, asked: NewKey, key_id: str | None) -> Minted:
        """A new key; under an id where the same request is to make one key. Raises `ProblemError`."""
        now = self._clock()
        if key_id is not None and (there := self._keys.find(key_id)):
            raise _exists(key_id) if there.revoked or asked.is_of(there) else _reused(key_id)
        if faults := asked.faults(now):
            raise ProblemError(INVALID, "The errors say what would be right.", errors=faults)
        claim = None if key_id is None else f"key:{key_id}"
        with self._alone(claim, lambda: _exists(str(key_id))):
            try:
                return create_key(self._appender, self._topic, asked, now, key_id)
            except LogUnavailable:
                raise _no_log() from None

    def rotate(self, key_id: str, by: str) -> tuple[Minted, NewKey]:
        """A second key that may the same. Raises `ProblemError`."""
        try:
            asked = successor_of(self.find(key_id), self._keys.all(), self._clock(), by)
        except NotRotatable as error:
            raise ProblemError(NOT_ROTATABLE, f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
        before = sum(each.replaces == key_id for each in self._keys.all())
        with self._alone(f"rotation:{key_id}:{before}", _being_rotated):
            return self.make(asked, None), asked

    @contextmanager
    def _alone(self, claim: str | None, taken: Callable[[], ProblemError]) -> Iterator[None]:
        """Do it unless somebody does it or has just done it; without a claim at once."""
        try:
            with alone(self._claims, claim):
                yield
        except Taken:
            raise taken() from None
        except StoreUnavailable:
            raise unavailable("The store does not answer, so nobody knows whether it was done before.") from None

    def revoke(self, key_id: str, asker: str) -> None:
        """Make a key invalid for good; doing it twice changes nothing. Raises `ProblemError`.

        Nobody revokes the key by which he asks: an installation without an administrator would be left.
        """
        key = self.find(key_id)
        if key_id == asker:
            raise ProblemError(OWN_KEY, "Ask with another key of the scope `admin`, or use `chengxin keys revoke`.")
        if key.revoked is None:
            try:
                revoke_key(self._appender, self._topic, key, self._clock(), f"key:{asker}")
            except LogUnavailable:
                raise _no_log() from None

    def find(self, key_id: str) -> AccessKey:
        """A key by its id. Raises `ProblemError`."""
        key = self._keys.find(key_id)
        if key is None:
            raise ProblemError(NOT_FOUND, "There is no key with this id.")
        return key

    def page(self, state: str | None, after: str, most: int) -> tuple[list[AccessKey], str | None]:
        """Keys by id behind one, and the id behind which the next page begins."""
        now = self._clock()
        found = [key for key in self._keys.all() if key.key_id > after and state in (None, state_of(key, now))]
        return found[:most], found[most - 1].key_id if len(found) > most else None

    def used(self) -> Mapping[str, datetime] | None:
        """When keys were used last; None while the store does not answer."""
        try:
            return self._used()
        except StoreUnavailable:
            return None


def state_of(key: AccessKey, now: datetime) -> str:
    """What a key is at an instant."""
    if key.revoked is not None:
        return "revoked"
    return "valid" if key.lives(now) else "expired"


def _exists(key_id: str) -> ProblemError:
    detail = f"It made {key_id}, which was shown then. If that was lost, revoke it and make another."
    return ProblemError(KEY_EXISTS, detail, key_id=key_id)


def _reused(key_id: str) -> ProblemError:
    detail = f"It made {key_id}, which is another key; send a new Idempotency-Key for this one."
    return ProblemError(IDEMPOTENCY_KEY_REUSED, detail, key_id=key_id)


def _being_rotated() -> ProblemError:
    return ProblemError(NOT_ROTATABLE, "Another request has just rotated it; look at the keys.")


def _no_log() -> ProblemError:
    return unavailable("The log does not answer, so no key was made or revoked. Send it again later.")
