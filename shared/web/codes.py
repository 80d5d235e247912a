"""One-time codes 一次性验证码 of notices: `cn_<id>_<secret>`, exchanged once for a key of one subject.

The secret has 256 random bits, so nobody finds one by trying; only its hash is ever stored. The key that it gives has
an id made from the code's own: a code that was used is known by that key's record on the log, for ever and everywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

_FORM = re.compile(r"cn_(?P<id>[0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_NOBODY = "0" * 64
_ID_DIGITS = 12


class MintedCode(NamedTuple):
    """A new code: `code` is printed and never stored, `code_hash` is what the log keeps."""

    code_id: str
    code: str
    code_hash: str


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code as the log knows it: whose it is, and the case or inspection that its notice is about."""

    code_id: str
    code_hash: str
    subject: str
    about: str
    number: str
    expires: datetime

    @property
    def key_id(self) -> str:
        """The id of the key that it is exchanged for."""
        return hashlib.sha256(f"chengxin.subject-key.v1\0{self.code_id}".encode()).hexdigest()[:_ID_DIGITS]


class OneTimeCodes:
    """The directory of codes. One thread writes, all may read: every change is one assignment."""

    def __init__(self) -> None:
        self._codes: dict[str, OneTimeCode] = {}

    def issued(self, code: OneTimeCode) -> None:
        """A code was printed; reading it again changes nothing."""
        self._codes.setdefault(code.code_id, code)

    def find(self, code: str, now: datetime) -> OneTimeCode | None:
        """The code with this text, unless it is unknown, wrong or has expired: nobody is told which of them."""
        match = _FORM.fullmatch(code)
        found = self._codes.get(match["id"]) if match else None
        if not hmac.compare_digest(hash_of(code), found.code_hash if found else _NOBODY) or found is None:
            return None
        return found if now < found.expires else None


def mint_code() -> MintedCode:
    """A new code out of the system's randomness."""
    code_id = secrets.token_hex(_ID_DIGITS // 2)
    code = f"cn_{code_id}_{secrets.token_urlsafe(32)}"
    return MintedCode(code_id, code, hash_of(code))


def hash_of(code: str) -> str:
    """SHA-256 in hex of a whole code, under a name of its own so that it equals no other hash of it."""
    return hashlib.sha256(b"chengxin.one-time-code.v1\0" + code.encode()).hexdigest()
