"""Access keys 访问密钥: `cx_<id>_<secret>`; only a hash of a key is ever stored.

The secret has 256 random bits, so one SHA-256 is enough: slow hashes protect what people invent.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

SCOPES = (
    "events:write",
    "events:correct",
    "scores:read",
    "scores:export",
    "subject:read",
    "assignments:read",
    "notices:issue",
    "objections:file",
    "objections:decide",
    "draws:plan",
    "draws:file",
    "draws:seed",
    "draws:publish",
    "registry:write",
    "rulebooks:publish",
    "admin",
)
"""All scopes (DESIGN.md section 5). A key has exactly those it was made with; none implies another."""

_FORM = re.compile(r"cx_(?P<id>[0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_NOBODY = "0" * 64


class Minted(NamedTuple):
    """A new key: `key` is shown once and never stored, `key_hash` is what the log keeps."""

    key_id: str
    key: str
    key_hash: str


def mint(key_id: str | None = None) -> Minted:
    """A new access key out of the system's randomness; the id is given where the same request is to make one key."""
    key_id = key_id or secrets.token_hex(6)
    key = f"cx_{key_id}_{secrets.token_urlsafe(32)}"
    return Minted(key_id, key, hash_of(key))


def hash_of(key: str) -> str:
    """SHA-256 in hex of a whole key, under a name of its own so that it equals no other hash of it."""
    return hashlib.sha256(b"chengxin.access-key.v1\0" + key.encode()).hexdigest()


def id_of(key: str) -> str | None:
    """The id in a key, or None where this is no key of ours."""
    match = _FORM.fullmatch(key)
    return match["id"] if match else None


def verify(key: str, key_hash: str | None) -> bool:
    """Whether this key has this hash, in the same time for every wrong one; None is the hash of nobody."""
    return hmac.compare_digest(hash_of(key), key_hash or _NOBODY)
