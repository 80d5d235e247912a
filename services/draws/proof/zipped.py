"""A bundle as one file, with what is needed to verify it (DRAW.md section 7). Pure, but for our own files."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

_BESIDE = Path(__file__).parents[3] / "shared" / "contracts" / "draw"
_NAMES = ("README.md", "verify.py")
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_RIGHTS = 0o644 << 16
_UNIX = 3


def zipped(files: Mapping[str, bytes]) -> bytes:
    """`bundle.zip` of a bundle's files: the same bytes for the same files, so that copies can be compared."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted({**files, **_beside()}.items()):
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _RIGHTS, _UNIX
            archive.writestr(entry, content)
    return buffer.getvalue()


@cache
def _beside() -> Mapping[str, bytes]:
    """The guide in Chinese and English, and the verifier that shares no code with us."""
    return {name: (_BESIDE / name).read_bytes() for name in _NAMES}
