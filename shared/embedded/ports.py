"""Free ports on loopback, below the range that systems hand out to outgoing connections."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Collection

LOOPBACK = "127.0.0.1"
LOWEST, HIGHEST = 20_000, 31_000


def choose(taken: Collection[int] = ()) -> int:
    """A port nobody listens on now, none of `taken`, nor on the one 10,000 above (for Valkey in cluster mode)."""
    while True:
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        if port not in taken and is_free(port) and is_free(port + 10_000):
            return port


def is_free(port: int) -> bool:
    """Whether nobody listens on the port on loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one just closed counts as free
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
