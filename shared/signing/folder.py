"""The folder of an installation's own keys: `signing-<kid>.json`, a private JWK (RFC 8037) each, and `derivation.key`.

The newest key signs and all are published, so a rotation adds a file, and a key is retired by deleting its file once
nobody has to verify by it. All files are readable by their owner alone, and the folder lies in no back-up of the log.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

DERIVATION = "derivation.key"
_BYTES = 32
_SIGNING = "signing-*.json"


class BadFolder(ValueError):
    """The folder is not there, or a file in it is not what it has to be; the text names the file."""


@dataclass(frozen=True)
class Secrets:
    """What lies in a folder: signing keys, the newest first, and the secret that others are derived from."""

    signing: tuple[OKPKey, ...]
    derivation: bytes


def read(folder: Path) -> Secrets:
    """The keys of a folder. Raises `BadFolder`."""
    if not folder.is_dir():
        raise BadFolder(f"{folder} is no folder; `chengxin signing rotate` makes it")
    made = [_signing(path) for path in folder.glob(_SIGNING)]
    if not made:
        raise BadFolder(f"{folder} has no signing key; `chengxin signing rotate` makes one")
    newest_first = sorted(made, key=lambda key: (str(key["created"]), str(key.kid)), reverse=True)
    return Secrets(tuple(newest_first), _derivation(folder / DERIVATION))


def make_missing(folder: Path, now: Callable[[], datetime]) -> None:
    """Make the folder, its first signing key and the secret, where they are not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(folder.glob(_SIGNING)):
        add(folder, now())
    if not (folder / DERIVATION).exists():
        _write(folder / DERIVATION, base64.b64encode(secrets.token_bytes(_BYTES)).decode())


def add(folder: Path, now: datetime) -> str:
    """Make a new signing key, which signs from now on; its id (RFC 7638)."""
    key = OKPKey.generate_key("Ed25519", private=True)
    kid = key.thumbprint()
    told = {**key.as_dict(private=True), "kid": kid, "use": "sig", "alg": "Ed25519", "created": now.isoformat()}
    _write(folder / f"signing-{kid}.json", json.dumps(told))
    return kid


def _signing(path: Path) -> OKPKey:
    try:
        told = json.loads(path.read_bytes())
        datetime.fromisoformat(told["created"])
        key = OKPKey.import_key(told)
    except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
        raise BadFolder(f"{path} is no private JWK with `created`: {type(error).__name__}") from None
    if not key.is_private or told.get("crv") != "Ed25519" or key.kid != key.thumbprint():
        raise BadFolder(f"{path} must be a private Ed25519 key whose `kid` is its thumbprint (RFC 7638)")
    return key


def _derivation(path: Path) -> bytes:
    try:
        secret = base64.b64decode(path.read_text().strip(), validate=True)
    except (OSError, ValueError):
        secret = b""
    if len(secret) != _BYTES:
        raise BadFolder(f"{path} must hold {_BYTES} bytes as base64")
    return secret


def _write(path: Path, text: str) -> None:
    """All of a file, or none of it: whoever looks meanwhile does not see half a key."""
    half = path.with_name(f".{path.name}.part")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{text}\n")
    half.rename(path)
