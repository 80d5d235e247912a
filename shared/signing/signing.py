"""What signs and derives in a process: the folder's keys, read again now and then: a rotation needs no restart."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc.jwk import OKPKey

from shared.clock import now
from shared.signing.folder import BadFolder, Secrets, read
from shared.signing.jws import sign

_AGAIN_SECONDS = 10.0
_PUBLISHED_SECONDS = 60.0
"""For how long a new key is published before it signs: verifiers, and other processes, have read of it by then."""
_BYTES = 32


class Signing:
    """Threads may share it. Without a folder nothing is signed and nothing derived: an installation may do without."""

    def __init__(
        self, folder: Path | None, seconds: Callable[[], float] = time.monotonic, clock: Callable[[], datetime] = now
    ) -> None:
        """Raises `BadFolder` where there is one and it is not right; later such a folder leaves what was read."""
        self._folder, self._seconds, self._clock = folder, seconds, clock
        self._read_at = seconds()
        self._secrets = read(folder) if folder else None

    def sign(self, document: Any) -> str | None:
        """The detached JWS of a JSON document by the newest key that is known by now; None without a folder."""
        known = self._known()
        return sign(document, self._signer(known.signing)) if known else None

    def jwks(self) -> dict[str, Any]:
        """The public keys as a JWK set (RFC 7517), the one that signs first."""
        known = self._known()
        return {"keys": [_public(key.as_dict(private=False)) for key in known.signing] if known else []}

    def derive(self, purpose: str, name: str) -> bytes:
        """32 bytes that are the same for a purpose and a name, and that nobody guesses (HKDF, RFC 5869).

        Raises `BadFolder` without a folder.
        """
        known = self._known()
        if known is None:
            raise BadFolder("no folder of keys is set")
        info = f"chengxin {purpose}\0{name}".encode()
        return HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=info).derive(known.derivation)

    def _signer(self, keys: Sequence[OKPKey]) -> OKPKey:
        until = self._clock() - timedelta(seconds=_PUBLISHED_SECONDS)
        return next((key for key in keys if datetime.fromisoformat(str(key["created"])) <= until), keys[-1])

    def _known(self) -> Secrets | None:
        now = self._seconds()
        if self._folder and now - self._read_at > _AGAIN_SECONDS:
            self._read_at = now
            with suppress(BadFolder):  # half changed, or gone: what was read holds on
                self._secrets = read(self._folder)
        return self._secrets


def _public(jwk: dict[str, Any]) -> dict[str, Any]:
    return {name: jwk[name] for name in ("kty", "crv", "x", "kid", "use", "alg")}
