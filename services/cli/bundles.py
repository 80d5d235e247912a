"""A draw's bundle on disk: a folder, or the same as a zip (DRAW.md section 7)."""

from __future__ import annotations

import os
import zipfile
import zlib
from pathlib import Path

from services.cli.installation import WrongUse
from shared.draw.bundle import PUBLISHED

MOST_BYTES = 1 << 30
"""Of all files together, unpacked."""

_BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What is unpacked as it is read, not more of it at once."""

NAMES = (*PUBLISHED, "replacements.json")


def read(path: Path) -> dict[str, bytes]:
    """The bundle's files by their names; what is none of them is passed over. Raises `WrongUse`."""
    try:
        if path.is_dir():
            return _read_folder(path)
        with zipfile.ZipFile(path) as packed:
            return _read_zip(packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise WrongUse(f"{path} is neither a folder nor a sound zip without a password") from None
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}") from None


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Put files into a folder, each whole or not at all. Raises `WrongUse`."""
    try:
        for name, content in files.items():
            half = folder / f".{name}.{os.getpid()}"
            half.write_bytes(content)
            half.replace(folder / name)
    except OSError as error:
        raise WrongUse(f"{folder} cannot be written: {error.strerror}") from None


def _read_folder(folder: Path) -> dict[str, bytes]:
    there = [folder / name for name in NAMES if (folder / name).is_file()]
    _refuse_size(sum(file.stat().st_size for file in there))
    return {file.name: file.read_bytes() for file in there}


def _read_zip(packed: zipfile.ZipFile) -> dict[str, bytes]:
    """At its top, or in the one folder that it holds. What it says of sizes is not believed."""
    ours = [(name, each) for each in packed.infolist() if (name := each.filename.rsplit("/", 1)[-1]) in NAMES]
    there = dict(ours)
    if len(there) < len(ours):
        raise WrongUse("the zip has a file of one name twice")
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for name in NAMES:
        if name in there:
            if there[name].compress_type not in _BOUNDED:
                raise WrongUse(f"{name} in the zip must be stored or deflated")
            with packed.open(there[name]) as file:
                found[name] = file.read(left + 1)
            left -= len(found[name])
            _refuse_size(MOST_BYTES - left)
    return found


def _refuse_size(size: int) -> None:
    if size > MOST_BYTES:
        raise WrongUse(f"the bundle has more than {MOST_BYTES >> 20} MiB")
