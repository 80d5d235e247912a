"""Exchanges the one-time code of a notice for a key of its subject: once, whoever asks and however many at a time."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from services.ingest.kept import refusals
from shared.eventlog.port import Appender, LogUnavailable
from shared.store.claims import Claiming
from shared.web.access import AccessKeys
from shared.web.bounds import SUBJECT_SCOPES, Bounds
from shared.web.codes import OneTimeCode
from shared.web.key_making import NewKey, create_key
from shared.web.keys import Minted
from shared.web.problems import Kind, ProblemError, unavailable

CODE_NOT_VALID = Kind("code-not-valid", 404, "This one-time code is not valid")
CODE_USED = Kind("code-used", 409, "This one-time code has been used")


class Exchanged(NamedTuple):
    """The key, shown this once; `expires` is from when on it is not valid."""

    minted: Minted
    code: OneTimeCode
    expires: datetime


class Exchange:
    """Gives keys for codes. Threads and processes may do it side by side."""

    def __init__(
        self,
        keys: AccessKeys,
        claims: Claiming,
        appender: Appender,
        topic: str,
        clock: Callable[[], datetime],
        days: int,
    ) -> None:
        """`days` are those for which a key is valid."""
        self._keys, self._claims, self._appender, self._topic = keys, claims, appender, topic
        self._clock, self._days = clock, days

    def exchange(self, code: str) -> Exchanged:
        """A key for a code. Raises `ProblemError`.

        The key's record on the log tells for ever that the code was used; the claim keeps those apart who ask before
        every process has read it.
        """
        if not self._keys.ready:
            raise unavailable("The one-time codes have not been read from the log yet.")
        now = self._clock()
        found = self._keys.codes.find(code, now)
        if found is None:
            detail = "It is unknown, wrong or has expired. Ask the organ that sent the notice for another."
            raise ProblemError(CODE_NOT_VALID, detail)
        claim = f"code:{found.code_id}"
        with refusals():
            mine = self._keys.find(found.key_id) is None and self._claims.take(claim, secrets.token_hex(8))
            if not mine or self._keys.find(found.key_id):
                detail = "It gives one key. If that was not you, tell the organ that sent the notice at once."
                raise ProblemError(CODE_USED, detail)
            expires = now + timedelta(days=self._days)
            try:
                minted = create_key(self._appender, self._topic, _asked(found, expires), now, found.key_id)
            except LogUnavailable:
                self._claims.leave(claim)
                raise
        return Exchanged(minted, found, expires)


def _asked(code: OneTimeCode, expires: datetime) -> NewKey:
    label = f"通知书 {code.code_id}"
    return NewKey(SUBJECT_SCOPES, label, Bounds(subject=code.subject), expires, by=f"code:{code.code_id}")
